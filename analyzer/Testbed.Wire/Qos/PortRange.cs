using System.Globalization;

namespace Testbed.Wire.Qos;

/// <summary>Ports from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
public readonly record struct PortRange(ushort First, ushort Last)
{
    /// <summary>Every port, and protocols that have none.</summary>
    public static readonly PortRange Any = new(0, ushort.MaxValue);

    public bool IsAny => this == Any;

    public bool Contains(ushort port) => port >= First && port <= Last;

    /// <summary>Ports of both; null when there are none.</summary>
    public PortRange? And(PortRange other)
    {
        PortRange both = new(Math.Max(First, other.First), Math.Min(Last, other.Last));
        return both.First <= both.Last ? both : null;
    }

    /// <summary>Reads <c>80</c> or <c>80-90</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PortRange range)
    {
        range = default;
        int dash = text.IndexOf('-');
        ReadOnlySpan<char> low = dash < 0 ? text : text[..dash];
        ReadOnlySpan<char> high = dash < 0 ? text : text[(dash + 1)..];
        if (!ushort.TryParse(low, NumberStyles.None, CultureInfo.InvariantCulture, out ushort first)
            || !ushort.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out ushort last)
            || first > last)
            return false;
        range = new(first, last);
        return true;
    }

    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}
