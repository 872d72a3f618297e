using System.Buffers.Binary;

namespace Testbed.Probes.Capacity;

/// <summary>What both ends of a trial agree on; the client orders it under HMAC, the server checks bounds.</summary>
/// <param name="ToClient">Downlink: the server sends.</param>
/// <param name="MaxKbps">The site's limit; neither end offers more, IP-layer.</param>
internal readonly record struct TrialOrder(bool ToClient, int PayloadBytes, int Seconds, int StartKbps, int MaxKbps)
{
    public const int Length = 20;
    public const int SecondsMax = 60, PayloadBytesMin = 64, PayloadBytesMax = 8_952, KbpsMax = 10_000_000;
    public const int StartKbpsDefault = 20_000, KbpsMin = 100;

    public static bool TryRead(ReadOnlySpan<byte> content, out TrialOrder order)
    {
        order = default;
        if (content.Length < Length) return false;
        order = new(
            content[0] == 1, BinaryPrimitives.ReadUInt16BigEndian(content[2..]),
            BinaryPrimitives.ReadInt32BigEndian(content[4..]), BinaryPrimitives.ReadInt32BigEndian(content[8..]),
            BinaryPrimitives.ReadInt32BigEndian(content[12..]));
        return order.Seconds is >= 1 and <= SecondsMax
            && order.PayloadBytes is >= PayloadBytesMin and <= PayloadBytesMax
            && order.MaxKbps is >= KbpsMin and <= KbpsMax && order.StartKbps >= 1 && order.StartKbps <= order.MaxKbps;
    }

    public void Write(Span<byte> content)
    {
        content[..Length].Clear();
        content[0] = ToClient ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16BigEndian(content[2..], (ushort)PayloadBytes);
        BinaryPrimitives.WriteInt32BigEndian(content[4..], Seconds);
        BinaryPrimitives.WriteInt32BigEndian(content[8..], StartKbps);
        BinaryPrimitives.WriteInt32BigEndian(content[12..], MaxKbps);
    }
}
