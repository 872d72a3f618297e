namespace Testbed.Wire.Stamp;

/// <summary>Lengths and offsets that both packets of STAMP share (RFC 8762 §4.2, §4.3; RFC 8972 §3).</summary>
public static class StampLayout
{
    /// <summary>The well-known port of a Session-Reflector (RFC 8762 §4.1); runs draw their own.</summary>
    public const int Port = 862;
    /// <summary>UDP payload, bytes, of a base packet of either kind without authentication.</summary>
    public const int UnauthenticatedLength = 44;
    /// <summary>UDP payload, bytes, of a base packet of either kind with authentication.</summary>
    public const int AuthenticatedLength = 112;
    /// <summary>Bytes from the start that the HMAC covers: six blocks of 16 (RFC 8762 §4.4).</summary>
    public const int CoveredLength = 96;
    /// <summary>HMAC-SHA-256 truncated to 128 bits (RFC 8762 §4.4).</summary>
    public const int HmacLength = 16;

    /// <summary>Flags, type and length of a TLV (RFC 8972 §4).</summary>
    internal const int TlvHeaderLength = 4;
    internal const byte ExtraPaddingType = 1;
    /// <summary>A sender sets the U flag; a reflector that knows the TLV clears it (RFC 8972 §4.1).</summary>
    internal const byte UnrecognizedFlag = 0x80;

    public static int BaseLength(bool authenticated) => authenticated ? AuthenticatedLength : UnauthenticatedLength;

    /// <summary>
    /// Fills what follows the base packet with one Extra Padding TLV (RFC 8972 §4.1.1), the only TLV that an
    /// authenticated packet may carry without an HMAC TLV (RFC 8972 §4.8); fewer than four bytes stay zero.
    /// </summary>
    internal static void WritePadding(Span<byte> padding, bool fromSender)
    {
        padding.Clear();
        if (padding.Length < TlvHeaderLength) return;
        int valueLength = padding.Length - TlvHeaderLength;
        padding[0] = fromSender ? UnrecognizedFlag : (byte)0;
        padding[1] = ExtraPaddingType;
        padding[2] = (byte)(valueLength >> 8);
        padding[3] = (byte)valueLength;
    }

    /// <summary>
    /// The value of the padding TLV in a whole payload; empty where there is no room for one. Any content is allowed
    /// there (RFC 8972 §4.1.1).
    /// </summary>
    public static Span<byte> PaddingValue(Span<byte> payload, bool authenticated)
    {
        int at = BaseLength(authenticated) + TlvHeaderLength;
        return at < payload.Length ? payload[at..] : [];
    }

    /// <summary>
    /// Puts what followed the base packet of a test packet behind that of its answer, as a reflector does that knows
    /// the padding TLV: the U flag is cleared (RFC 8972 §4.1). Both payloads have the same length.
    /// </summary>
    public static void ReflectPadding(ReadOnlySpan<byte> request, Span<byte> answer, bool authenticated)
    {
        int at = BaseLength(authenticated);
        request[at..].CopyTo(answer[at..]);
        if (answer.Length - at >= TlvHeaderLength && answer[at + 1] == ExtraPaddingType)
            answer[at] &= unchecked((byte)~UnrecognizedFlag);
    }
}
