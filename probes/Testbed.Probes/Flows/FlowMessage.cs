using System.Buffers.Binary;

namespace Testbed.Probes.Flows;

/// <summary>
/// A packet of a test flow: magic, way, number, how many answers of which length it asks for, padding, and an
/// authentication tag over all of it.
/// </summary>
internal readonly record struct FlowMessage(bool IsAnswer, uint Number, int Answers, int AnswerBytes)
{
    public const string KeyPurpose = "testbed flow v1";
    public const int LengthMin = HeaderLength + ProbeKeys.TagLength;
    private const int HeaderLength = 16;
    private const uint Magic = 0x54424631;

    /// <summary>Fills the whole datagram.</summary>
    public void Write(ReadOnlySpan<byte> key, Span<byte> datagram)
    {
        BinaryPrimitives.WriteUInt32BigEndian(datagram, Magic);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[4..], Number);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[8..], (ushort)Answers);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[10..], (ushort)AnswerBytes);
        BinaryPrimitives.WriteUInt32BigEndian(datagram[12..], IsAnswer ? 1u : 0u);
        datagram[HeaderLength..^ProbeKeys.TagLength].Clear();
        ProbeKeys.Sign(key, datagram);
    }

    public static bool TryRead(ReadOnlySpan<byte> key, ReadOnlySpan<byte> datagram, out FlowMessage message)
    {
        message = default;
        if (datagram.Length < LengthMin || BinaryPrimitives.ReadUInt32BigEndian(datagram) != Magic
            || !ProbeKeys.Verify(key, datagram)) return false;
        message = new(
            BinaryPrimitives.ReadUInt32BigEndian(datagram[12..]) == 1,
            BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]), BinaryPrimitives.ReadUInt16BigEndian(datagram[8..]),
            BinaryPrimitives.ReadUInt16BigEndian(datagram[10..]));
        return true;
    }
}
