using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Testbed.Probes.Stamp;

/// <summary>
/// When each test packet is due: at the asked rate on average, but shifted by up to half an interval as the run
/// nonce says, so that a capture of another run cannot follow it. Packets keep their order.
/// </summary>
internal sealed class SendSchedule
{
    private const int DrawsPerBlock = 8;

    private readonly byte[] _key = new byte[32];
    private readonly uint[] _draws = new uint[DrawsPerBlock];
    private readonly double _intervalNs;
    private long _block = -1;

    public SendSchedule(ReadOnlySpan<byte> runNonce, int session, double ratePps)
    {
        Span<byte> info = stackalloc byte[32];
        int length = "testbed stamp schedule v1"u8.Length;
        "testbed stamp schedule v1"u8.CopyTo(info);
        BinaryPrimitives.WriteInt32BigEndian(info[length..], session);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, runNonce, _key, salt: [], info[..(length + 4)]);
        _intervalNs = 1e9 / ratePps;
    }

    /// <summary>Nanoseconds after the start at which packet <paramref name="sequence"/> is due.</summary>
    public long DueNs(long sequence)
    {
        double share = Draw(sequence) / (uint.MaxValue + 1.0);
        return (long)((sequence + share / 2) * _intervalNs);
    }

    private uint Draw(long sequence)
    {
        long block = sequence / DrawsPerBlock;
        if (block != _block)
        {
            Span<byte> counter = stackalloc byte[8], digest = stackalloc byte[32];
            BinaryPrimitives.WriteInt64BigEndian(counter, block);
            HMACSHA256.HashData(_key, counter, digest);
            for (int i = 0; i < DrawsPerBlock; i++) _draws[i] = BinaryPrimitives.ReadUInt32BigEndian(digest[(i * 4)..]);
            _block = block;
        }
        return _draws[sequence % DrawsPerBlock];
    }
}
