using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Testbed.Wire.Stamp;

/// <summary>Derives the keys of a run's STAMP sessions, so that a packet can be proved to belong to the run.</summary>
public static class StampKeys
{
    /// <summary>Bytes of a key: the output length of SHA-256.</summary>
    public const int KeyLength = 32;

    /// <summary>
    /// HKDF-SHA-256 (RFC 5869) over the run nonce, without salt, info = label ‖ session as 32 bits big-endian.
    /// </summary>
    public static StampKey Derive(ReadOnlySpan<byte> runNonce, int session)
    {
        ReadOnlySpan<byte> label = "testbed stamp session v1"u8;
        Span<byte> info = stackalloc byte[label.Length + sizeof(int)];
        label.CopyTo(info);
        BinaryPrimitives.WriteInt32BigEndian(info[label.Length..], session);
        byte[] key = new byte[KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, runNonce, key, salt: [], info);
        return new(key);
    }
}

/// <summary>The key of one STAMP session; signs and verifies authenticated packets without allocating.</summary>
public sealed class StampKey(byte[] key)
{
    private readonly byte[] _key = key;

    /// <summary>Writes the HMAC over the first 96 bytes into bytes 96 to 111 (RFC 8762 §4.4).</summary>
    public void Sign(Span<byte> payload)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, payload[..StampLayout.CoveredLength], digest);
        digest[..StampLayout.HmacLength].CopyTo(payload[StampLayout.CoveredLength..]);
    }

    /// <summary>For checking many packets: the key is set up once and not at each.</summary>
    public StampVerifier Verifier() => new(_key);

    /// <summary>Whether the payload is long enough and its HMAC is this session's; constant time.</summary>
    public bool Verify(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < StampLayout.AuthenticatedLength) return false;
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, payload[..StampLayout.CoveredLength], digest);
        return CryptographicOperations.FixedTimeEquals(
            digest[..StampLayout.HmacLength],
            payload.Slice(StampLayout.CoveredLength, StampLayout.HmacLength));
    }
}
