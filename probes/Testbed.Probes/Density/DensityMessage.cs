using System.Buffers.Binary;

namespace Testbed.Probes.Density;

/// <summary>
/// One question of an emulated UE or the answer to it, under the run's key.
/// <code>
///  0 magic 4  4 version 5 kind (1 question, 2 answer) 6 reserved 2  8 UE 4  12 sequence 4  16 HMAC 16
/// </code>
/// </summary>
internal readonly record struct DensityMessage(bool IsAnswer, int Ue, uint Sequence)
{
    public const int Length = 32;
    public const string KeyPurpose = "testbed density v1";

    private const uint Magic = 0x54424445;
    private const byte Version = 1, Question = 1, Answer = 2;

    /// <summary>Reads a signed message; false for anything else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> key, ReadOnlySpan<byte> datagram, out DensityMessage message)
    {
        message = default;
        if (datagram.Length != Length || BinaryPrimitives.ReadUInt32BigEndian(datagram) != Magic
            || datagram[4] != Version || datagram[5] is not (Question or Answer) || !ProbeKeys.Verify(key, datagram))
            return false;
        message = new(datagram[5] == Answer, BinaryPrimitives.ReadInt32BigEndian(datagram[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[12..]));
        return true;
    }

    public void Write(ReadOnlySpan<byte> key, Span<byte> datagram)
    {
        BinaryPrimitives.WriteUInt32BigEndian(datagram, Magic);
        datagram[4] = Version;
        datagram[5] = IsAnswer ? Answer : Question;
        datagram[6] = datagram[7] = 0;
        BinaryPrimitives.WriteInt32BigEndian(datagram[8..], Ue);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[12..], Sequence);
        ProbeKeys.Sign(key, datagram[..Length]);
    }
}
