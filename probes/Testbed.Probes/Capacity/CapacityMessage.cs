using System.Buffers.Binary;

namespace Testbed.Probes.Capacity;

internal enum MessageKind : byte
{
    Setup = 1, SetupAnswer = 2, Activate = 3, ActivateAnswer = 4, Load = 5, Status = 6, ResultAsk = 7, ResultAnswer = 8,
}

/// <summary>
/// What starts every datagram of the capacity test; control and load share one port, as UDPSTP's do.
/// <code>
///  0 magic 4  4 version 5 kind 6 reserved 2  8 token 8  16 content … HMAC 16 (not on Load)
/// </code>
/// Load carries no HMAC: its 64-bit token, drawn for the trial and confirmed under HMAC, keeps strangers out.
/// </summary>
internal static class CapacityMessage
{
    public const int HeaderLength = 16;
    public const int LengthMax = 1_400;
    public const string KeyPurpose = "testbed capacity control v1";

    private const uint Magic = 0x54424350;
    private const byte Version = 2;

    /// <summary>Writes the header and returns the content that follows it.</summary>
    public static Span<byte> WriteHeader(Span<byte> datagram, MessageKind kind, ulong token)
    {
        BinaryPrimitives.WriteUInt32BigEndian(datagram, Magic);
        datagram[4] = Version;
        datagram[5] = (byte)kind;
        datagram[6] = datagram[7] = 0;
        BinaryPrimitives.WriteUInt64BigEndian(datagram[8..], token);
        return datagram[HeaderLength..];
    }

    public static bool IsLoad(ReadOnlySpan<byte> datagram, ulong token) =>
        datagram.Length >= HeaderLength + LoadHeader.Length && Starts(datagram, MessageKind.Load)
        && BinaryPrimitives.ReadUInt64BigEndian(datagram[8..]) == token;

    /// <summary>Reads a signed message; false for anything else, whoever sent it.</summary>
    public static bool TryReadControl(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> datagram, out MessageKind kind, out ulong token,
        out ReadOnlySpan<byte> content)
    {
        kind = default;
        token = 0;
        content = default;
        if (datagram.Length < HeaderLength + ProbeKeys.TagLength || datagram.Length > LengthMax) return false;
        kind = (MessageKind)datagram[5];
        if (kind == MessageKind.Load || !Starts(datagram, kind) || !ProbeKeys.Verify(key, datagram)) return false;
        token = BinaryPrimitives.ReadUInt64BigEndian(datagram[8..]);
        content = datagram[HeaderLength..^ProbeKeys.TagLength];
        return true;
    }

    /// <summary>Signs a message whose content has been written, and returns its bytes.</summary>
    public static ReadOnlySpan<byte> Seal(ReadOnlySpan<byte> key, byte[] datagram, int contentLength)
    {
        Span<byte> message = datagram.AsSpan(0, HeaderLength + contentLength + ProbeKeys.TagLength);
        ProbeKeys.Sign(key, message);
        return message;
    }

    private static bool Starts(ReadOnlySpan<byte> datagram, MessageKind kind) =>
        BinaryPrimitives.ReadUInt32BigEndian(datagram) == Magic && datagram[4] == Version && datagram[5] == (byte)kind;
}

/// <summary>What follows the common header in a load packet; the rest of the packet is filling.</summary>
/// <param name="SentUnixNs">The load sender's wall clock.</param>
/// <param name="EchoSequence">Number of the last status heard, from 1; 0 when none was.</param>
/// <param name="EchoHoldNs">How long ago that was: sender's processing, not the path's delay.</param>
internal readonly record struct LoadHeader(uint Sequence, uint EchoSequence, long SentUnixNs, uint EchoHoldNs)
{
    public const int Length = 20;

    public static LoadHeader Read(ReadOnlySpan<byte> content) => new(
        BinaryPrimitives.ReadUInt32BigEndian(content), BinaryPrimitives.ReadUInt32BigEndian(content[4..]),
        BinaryPrimitives.ReadInt64BigEndian(content[8..]), BinaryPrimitives.ReadUInt32BigEndian(content[16..]));

    public void Write(Span<byte> content)
    {
        BinaryPrimitives.WriteUInt32BigEndian(content, Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(content[4..], EchoSequence);
        BinaryPrimitives.WriteInt64BigEndian(content[8..], SentUnixNs);
        BinaryPrimitives.WriteUInt32BigEndian(content[16..], EchoHoldNs);
    }
}

/// <summary>Feedback of the load's receiver, every 50 ms (RFC 9097 §8.1), for what came since the last one.</summary>
/// <param name="Lost">Gaps in the sequence, less what came late.</param>
/// <param name="DelayVariationUs">Mean one-way delay above the trial's smallest: no offset of clocks enters.</param>
internal readonly record struct StatusReport(
    uint Sequence, uint Received, uint Lost, uint Reordered, uint DelayVariationUs, uint RateKbps)
{
    public const int Length = 24;

    public static StatusReport Read(ReadOnlySpan<byte> content) => new(
        BinaryPrimitives.ReadUInt32BigEndian(content), BinaryPrimitives.ReadUInt32BigEndian(content[4..]),
        BinaryPrimitives.ReadUInt32BigEndian(content[8..]), BinaryPrimitives.ReadUInt32BigEndian(content[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(content[16..]), BinaryPrimitives.ReadUInt32BigEndian(content[20..]));

    public void Write(Span<byte> content)
    {
        BinaryPrimitives.WriteUInt32BigEndian(content, Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(content[4..], Received);
        BinaryPrimitives.WriteUInt32BigEndian(content[8..], Lost);
        BinaryPrimitives.WriteUInt32BigEndian(content[12..], Reordered);
        BinaryPrimitives.WriteUInt32BigEndian(content[16..], DelayVariationUs);
        BinaryPrimitives.WriteUInt32BigEndian(content[20..], RateKbps);
    }
}
