using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Testbed.Conformance.Results;

namespace Testbed.Probes;

/// <summary>Reads an order's parameters; whatever is missing or out of bounds is named, with its bounds.</summary>
internal sealed class ProbeParameters(ProbeTask task)
{
    /// <remarks>A nonce of the run has 32 bytes; fewer than 16 could be guessed.</remarks>
    private const int NonceLengthMin = 16;

    public ReadOnlyMemory<byte> RunNonce => task.RunNonce.Length >= NonceLengthMin
        ? task.RunNonce
        : throw new ProbeParameterException("runNonce", "at least 16 bytes", $"{task.RunNonce.Length} bytes");

    /// <summary>Whether the order gives a value, for parameters that it may leave out.</summary>
    public bool Has(string name) => !string.IsNullOrEmpty(task.Parameters.GetValueOrDefault(name));

    public int Whole(string name, int min, int max)
    {
        string? text = task.Parameters.GetValueOrDefault(name);
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            && value >= min && value <= max)
            return value;
        throw new ProbeParameterException(name, $"a whole number from {min} to {max}", text);
    }

    public decimal Number(string name, decimal min, decimal max)
    {
        string? text = task.Parameters.GetValueOrDefault(name);
        const NumberStyles Styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (decimal.TryParse(text, Styles, CultureInfo.InvariantCulture, out decimal value)
            && value >= min && value <= max)
            return value;
        throw new ProbeParameterException(name, $"a number from {min} to {max}", text);
    }

    /// <summary>Hexadecimal digits without a prefix.</summary>
    public uint Hex(string name, uint max)
    {
        string? text = task.Parameters.GetValueOrDefault(name);
        if (uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value)
            && value <= max)
            return value;
        throw new ProbeParameterException(name, $"hexadecimal digits up to {max:x}", text);
    }

    /// <summary>A domain name or an interface: 1 to 63 letters, digits, hyphens, underscores and dots.</summary>
    public string Label(string name)
    {
        string? text = task.Parameters.GetValueOrDefault(name);
        if (text is { Length: > 0 and <= 63 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
            return text;
        throw new ProbeParameterException(name, "1 to 63 letters, digits, hyphens, underscores and dots", text);
    }

    /// <param name="lengthMax">In characters.</param>
    public string RequiredText(string name, int lengthMax)
    {
        string? text = task.Parameters.GetValueOrDefault(name);
        return text is { Length: > 0 } && text.Length <= lengthMax
            ? text
            : throw new ProbeParameterException(name, $"1 to {lengthMax} characters", text);
    }

    /// <summary>Distinct UDP ports with commas between.</summary>
    public IReadOnlyList<int> Ports(string name, int countMax)
    {
        string expected = $"1 to {countMax} ports with commas between";
        string? text = task.Parameters.GetValueOrDefault(name);
        List<int> ports = [];
        foreach (string part in (text ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            if (ports.Count == countMax
                || !ushort.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0
                || ports.Contains(port))
                throw new ProbeParameterException(name, expected, text);
            ports.Add(port);
        }
        return ports;
    }

    public int Port(string name) => Whole(name, 1, ushort.MaxValue);

    public IPAddress Address(string name) =>
        ParseAddress(name, task.Parameters.GetValueOrDefault(name), "an IPv4 or IPv6 address");

    public IReadOnlyList<IPAddress> Addresses(string name, int countMax)
    {
        string expected = $"1 to {countMax} addresses with commas between";
        string? text = task.Parameters.GetValueOrDefault(name);
        string[] parts = (text ?? "").Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts.Length > countMax) throw new ProbeParameterException(name, expected, text);
        return [.. parts.Select(part => ParseAddress(name, part, expected)).Distinct()];
    }

    public string OneOf(string name, params ReadOnlySpan<string> allowed)
    {
        string? text = task.Parameters.GetValueOrDefault(name);
        foreach (string value in allowed)
            if (text == value) return value;
        throw new ProbeParameterException(name, string.Join(" or ", allowed.ToArray()), text);
    }

    /// <summary>A text that the plan may leave empty.</summary>
    public string Text(string name, int lengthMax)
    {
        string text = task.Parameters.GetValueOrDefault(name) ?? "";
        return text.Length <= lengthMax
            ? text : throw new ProbeParameterException(name, $"at most {lengthMax} characters", $"{text.Length}");
    }

    /// <summary>An absolute address of a web service.</summary>
    public Uri Web(string name) =>
        WebOrNull(name) ?? throw new ProbeParameterException(name, "an address with http or https", "nothing");

    /// <summary>As <see cref="Web"/>; null where the plan names none.</summary>
    public Uri? WebOrNull(string name)
    {
        if (task.Parameters.GetValueOrDefault(name) is not { Length: > 0 } text) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http"
            ? address : throw new ProbeParameterException(name, "an address with http or https", text);
    }

    /// <summary>The slice that a figure belongs to; absent or empty where the claim knows none.</summary>
    public string Slice => task.Parameters.GetValueOrDefault("slice") ?? "";

    /// <summary>The slice and the far end that a figure of a path belongs to.</summary>
    public string Path => PathScope.Of(Slice, task.Parameters.GetValueOrDefault("farEnd"));

    /// <summary>Two addresses that one packet carries must be of one family.</summary>
    public static void RequireSameFamily(string name, IPAddress address, IPAddress other)
    {
        if (address.AddressFamily == other.AddressFamily) return;
        throw new ProbeParameterException(name, $"an address of the same family as {other}", address.ToString());
    }

    private static IPAddress ParseAddress(string name, string? text, string expected)
    {
        // IPAddress.Parse takes "7" for 0.0.0.7: a dot or a colon must be there.
        if (text is not null && (text.Contains('.') || text.Contains(':'))
            && IPAddress.TryParse(text, out IPAddress? it)
            && it.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
            return it;
        throw new ProbeParameterException(name, expected, text);
    }
}
