using System.Text;

namespace Testbed.Wire.Dns;

/// <summary>
/// Domain names on the wire and as text (RFC 1035 §3.1, §4.1.4). As text: labels with dots between, without the root's
/// dot, in the case that was sent; a byte that is no letter, digit, dash or underline stands as <c>\DDD</c> (§5.1).
/// </summary>
public static class DnsName
{
    /// <summary>Length of a label and of a whole name with its length bytes (RFC 1035 §2.3.4).</summary>
    public const int LabelLengthMax = 63;
    public const int LengthMax = 255;
    private const byte PointerMask = 0xC0;

    /// <summary>
    /// Reads a name of <paramref name="message"/> and moves <paramref name="offset"/> behind it. A pointer may only
    /// point before the labels that it ends, so no name can go round in circles.
    /// </summary>
    public static DecodeStatus Read(ReadOnlySpan<byte> message, ref int offset, out string name)
    {
        name = "";
        StringBuilder text = new();
        int at = offset, start = offset, length = 1;
        bool jumped = false;
        while (true)
        {
            if (at >= message.Length) return DecodeStatus.Truncated;
            int first = message[at];
            if ((first & PointerMask) == PointerMask)
            {
                if (at + 1 >= message.Length) return DecodeStatus.Truncated;
                int target = (first & ~PointerMask) << 8 | message[at + 1];
                if (!jumped) offset = at + 2;
                jumped = true;
                if (target >= start) return DecodeStatus.BadField;
                at = start = target;
                continue;
            }
            // The other two combinations of the upper bits are reserved (RFC 1035 §4.1.4) or of the past (RFC 6891 §5).
            if ((first & PointerMask) != 0) return DecodeStatus.Unsupported;
            at++;
            if (first == 0) break;
            length += first + 1;
            if (length > LengthMax) return DecodeStatus.BadLength;
            if (first > message.Length - at) return DecodeStatus.Truncated;
            if (text.Length > 0) text.Append('.');
            Append(text, message.Slice(at, first));
            at += first;
        }
        if (!jumped) offset = at;
        name = text.ToString();
        return DecodeStatus.Ok;
    }

    /// <summary>
    /// Writes a name of letters, digits, dashes and underlines, uncompressed, and returns its length.
    /// </summary>
    /// <exception cref="ArgumentException">No such name, or too long.</exception>
    public static int Write(Span<byte> destination, string name)
    {
        int at = 0;
        foreach (string label in name.Length == 0 ? [] : name.Split('.'))
        {
            if (label.Length is 0 or > LabelLengthMax || at + label.Length + 2 > LengthMax || !label.All(IsPlain))
                throw new ArgumentException($"'{name}' is no name that can be asked for.", nameof(name));
            destination[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, destination[at..]);
        }
        destination[at++] = 0;
        return at;
    }

    /// <summary>Names are compared without regard to the case of ASCII letters (RFC 1035 §2.3.3).</summary>
    public static bool IsSame(string one, string other) =>
        string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static void Append(StringBuilder text, ReadOnlySpan<byte> label)
    {
        foreach (byte value in label)
        {
            if (IsPlain((char)value)) text.Append((char)value);
            else text.Append('\\').Append(value.ToString("D3", System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';
}
