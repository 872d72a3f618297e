using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Testbed.Wire.Trials;

/// <summary>What a packet of a security trial stands for.</summary>
public enum TrialClass : byte
{
    /// <summary>Ordinary traffic that has to get through: without it nothing that is missing means anything.</summary>
    Control = 1,
    /// <summary>What the trial is about.</summary>
    Attempt = 2,
    /// <summary>A listener's answer to a control packet.</summary>
    Answer = 3,
}

/// <summary>
/// The UDP payload of a security trial's packet, signed with the run's key, so that whoever finds it anywhere knows
/// which run, trial and try it belongs to. Long enough for a tap that keeps 256 bytes, nested in a second tunnel too.
/// <code>
///  0            8       10      11      12         16            24        96
///  | "tbtrial1" | trial | class | 0     | sequence | sent Unix ns | zeros   | HMAC-SHA-256, first 16 bytes |
/// </code>
/// </summary>
/// <param name="Trial">Number of the trial in its run, 1–65535.</param>
public readonly record struct TrialMessage(int Trial, TrialClass Class, uint Sequence, long SentUnixNs)
{
    public const int Length = 112;
    private const int CoveredLength = 96;
    private const int TagLength = Length - CoveredLength;

    private static ReadOnlySpan<byte> Magic => "tbtrial1"u8;

    /// <summary>HKDF-SHA-256 (RFC 5869) over the run nonce, without salt, with a label as info.</summary>
    public static byte[] DeriveKey(ReadOnlySpan<byte> runNonce)
    {
        byte[] key = new byte[HMACSHA256.HashSizeInBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, runNonce, key, salt: [], "testbed trial v1"u8);
        return key;
    }

    /// <summary>Writes and signs the message into the first 112 bytes.</summary>
    public void Write(ReadOnlySpan<byte> key, Span<byte> destination)
    {
        Span<byte> message = destination[..Length];
        message.Clear();
        Magic.CopyTo(message);
        BinaryPrimitives.WriteUInt16BigEndian(message[8..], checked((ushort)Trial));
        message[10] = (byte)Class;
        BinaryPrimitives.WriteUInt32BigEndian(message[12..], Sequence);
        BinaryPrimitives.WriteInt64BigEndian(message[16..], SentUnixNs);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, message[..CoveredLength], digest);
        digest[..TagLength].CopyTo(message[CoveredLength..]);
    }

    /// <summary>
    /// False for what is too short, no trial's, or not signed with this key. Bytes behind the message are no matter.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> key, ReadOnlySpan<byte> payload, out TrialMessage message)
    {
        message = default;
        if (payload.Length < Length || !payload.StartsWith(Magic)) return false;
        if (payload[10] is < (byte)TrialClass.Control or > (byte)TrialClass.Answer) return false;
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, payload[..CoveredLength], digest);
        if (!CryptographicOperations.FixedTimeEquals(
            digest[..TagLength], payload.Slice(CoveredLength, TagLength))) return false;
        message = new(
            BinaryPrimitives.ReadUInt16BigEndian(payload[8..]), (TrialClass)payload[10],
            BinaryPrimitives.ReadUInt32BigEndian(payload[12..]), BinaryPrimitives.ReadInt64BigEndian(payload[16..]));
        return true;
    }
}
