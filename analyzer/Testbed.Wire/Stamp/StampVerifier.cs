using System.Security.Cryptography;

namespace Testbed.Wire.Stamp;

/// <summary>Checks packets of one session, one after the other; not for several threads at a time.</summary>
public sealed class StampVerifier : IDisposable
{
    private readonly IncrementalHash _hmac;

    internal StampVerifier(byte[] key) => _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);

    /// <summary>As <see cref="StampKey.Verify"/>.</summary>
    public bool Verify(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < StampLayout.AuthenticatedLength) return false;
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _hmac.AppendData(payload[..StampLayout.CoveredLength]);
        _hmac.GetHashAndReset(digest);
        return CryptographicOperations.FixedTimeEquals(
            digest[..StampLayout.HmacLength],
            payload.Slice(StampLayout.CoveredLength, StampLayout.HmacLength));
    }

    public void Dispose() => _hmac.Dispose();
}
