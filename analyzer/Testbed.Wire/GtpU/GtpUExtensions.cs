using System.Runtime.CompilerServices;

namespace Testbed.Wire.GtpU;

/// <summary>
/// The chain of GTP-U extension headers (TS 29.281 §5.2.1), walked with <c>foreach</c> and without state outside of
/// the message: nothing of one message can reach the next.
/// <code>
///  0                        1           4n - 1
///  | length n in four bytes | content … | type of the next one
/// </code>
/// </summary>
public ref struct GtpUExtensions
{
    /// <summary>More than any specification defines; a longer chain is damage or an attack.</summary>
    public const int CountMax = 16;
    private ReadOnlySpan<byte> _rest;
    private byte _next;

    // Only over headers that Walk found sound.
    internal GtpUExtensions(ReadOnlySpan<byte> header, byte firstType)
    {
        _rest = header[GtpUHeader.LengthWithOptions..];
        _next = firstType;
    }

    /// <summary>One extension header: its type, and its content without length and next type.</summary>
    public readonly ref struct Extension(byte type, ReadOnlySpan<byte> content)
    {
        public byte Type { get; } = type;
        public ReadOnlySpan<byte> Content { get; } = content;
    }

    public Extension Current { get; private set; }

    public readonly GtpUExtensions GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next == GtpUExtensionType.None || _rest.IsEmpty) return false;
        int length = _rest[0] * 4;
        Current = new(_next, _rest[1..(length - 1)]);
        _next = _rest[length - 1];
        _rest = _rest[length..];
        return true;
    }

    /// <summary>What a walk found: how many headers, and where the first PDU session container's content is.</summary>
    internal readonly record struct Found(int Count, int ContainerOffset, int ContainerLength);

    /// <summary>
    /// Checks the chain that starts at <paramref name="offset"/> and moves it to the first byte after it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static DecodeStatus Walk(
        ReadOnlySpan<byte> message, int messageLength, ref int offset, out Found found)
    {
        found = default;
        byte type = message[GtpUHeader.LengthWithOptions - 1];
        int containerOffset = 0, containerLength = 0, count = 0;
        while (type != GtpUExtensionType.None)
        {
            if (count == CountMax) return DecodeStatus.TooDeep;
            if (messageLength <= offset) return DecodeStatus.BadLength;
            if (message.Length <= offset) return DecodeStatus.Truncated;
            int length = message[offset] * 4;
            // A length of zero would hold the walk in place for ever.
            if (length == 0 || length > messageLength - offset) return DecodeStatus.BadLength;
            if (length > message.Length - offset) return DecodeStatus.Truncated;
            if (type == GtpUExtensionType.PduSessionContainer && containerLength == 0)
            {
                containerOffset = offset + 1;
                containerLength = length - 2;
            }
            type = message[offset + length - 1];
            offset += length;
            count++;
        }
        found = new(count, containerOffset, containerLength);
        return DecodeStatus.Ok;
    }
}
