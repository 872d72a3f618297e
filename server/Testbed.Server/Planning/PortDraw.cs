using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Testbed.Server.Planning;

/// <summary>
/// UDP ports of test traffic, drawn from the run's nonce so that nobody can prepare for them: HKDF-SHA-256
/// (RFC 5869) with the label below, read as 16-bit numbers, those outside the range and repeats thrown away.
/// </summary>
internal sealed class PortDraw
{
    /// <summary>Above what core networks listen on, below the top of the dynamic range.</summary>
    public const int First = 20_000;
    public const int Last = 59_999;
    /// <summary>NGAP's SCTP port lies in the range (TS 38.412 §7).</summary>
    private const int Ngap = 38_412;
    private const int BlockBytes = 4096;

    private readonly byte[] _block;
    private readonly HashSet<int> _drawn = [Ngap];
    private int _position;

    public PortDraw(ReadOnlySpan<byte> nonce) => _block = HKDF.DeriveKey(
        HashAlgorithmName.SHA256, nonce.ToArray(), BlockBytes, info: "testbed/plan/ports/1"u8.ToArray());

    public int Next()
    {
        while (_position < _block.Length)
        {
            int drawn = BinaryPrimitives.ReadUInt16BigEndian(_block.AsSpan(_position));
            _position += sizeof(ushort);
            if (drawn is >= First and <= Last && _drawn.Add(drawn)) return drawn;
        }
        throw new InvalidOperationException("a plan draws more ports than its block holds");
    }

    /// <summary>A port of a range that somebody else chose; null when all of them are drawn.</summary>
    public int? NextWithin(int first, int last)
    {
        int start = BinaryPrimitives.ReadUInt16BigEndian(_block.AsSpan(_position % (BlockBytes - 1)));
        _position += sizeof(ushort);
        int count = last - first + 1;
        for (int i = 0; i < count; i++)
        {
            int port = first + (start + i) % count;
            if (port > 0 && _drawn.Add(port)) return port;
        }
        return null;
    }
}
