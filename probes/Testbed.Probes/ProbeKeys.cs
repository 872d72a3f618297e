using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Testbed.Probes;

/// <summary>Keys and numbers of a run: known to its kits alone, and the same again when a run is repeated.</summary>
internal static class ProbeKeys
{
    public const int KeyLength = 32;
    /// <summary>HMAC-SHA-256 truncated to 128 bits, as in STAMP.</summary>
    public const int TagLength = 16;

    /// <summary>HKDF-SHA-256 (RFC 5869) over the run nonce, without salt, with the purpose as info.</summary>
    public static byte[] Derive(ReadOnlySpan<byte> runNonce, string purpose)
    {
        byte[] key = new byte[KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, runNonce, key, salt: [], Encoding.ASCII.GetBytes(purpose));
        return key;
    }

    /// <summary>Writes the tag of all bytes before it into the last 16 bytes.</summary>
    public static void Sign(ReadOnlySpan<byte> key, Span<byte> message)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, message[..^TagLength], digest);
        digest[..TagLength].CopyTo(message[^TagLength..]);
    }

    /// <summary>Whether the last 16 bytes are the tag of those before; constant time.</summary>
    public static bool Verify(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message)
    {
        if (message.Length <= TagLength) return false;
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, message[..^TagLength], digest);
        return CryptographicOperations.FixedTimeEquals(digest[..TagLength], message[^TagLength..]);
    }

    /// <summary>The number at a place of the key's pseudo-random sequence; never zero.</summary>
    public static uint Draw(ReadOnlySpan<byte> key, int index)
    {
        Span<byte> counter = stackalloc byte[sizeof(int)], digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt32BigEndian(counter, index);
        HMACSHA256.HashData(key, counter, digest);
        return Math.Max(1, BinaryPrimitives.ReadUInt32BigEndian(digest));
    }
}
