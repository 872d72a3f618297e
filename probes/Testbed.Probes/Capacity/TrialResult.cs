using System.Buffers.Binary;

namespace Testbed.Probes.Capacity;

/// <summary>One end's account of a trial.</summary>
/// <param name="SocketDrops">Load that the receiving kit's own socket had no room for.</param>
/// <param name="OfferedKbpsMax">The highest rate that the search offered; 0 at the receiving end.</param>
/// <param name="StoodStillUs">How long the kit itself stood still: load that was due and never offered, or that
/// lay unread while the search waited for word of it.</param>
internal sealed record TrialResult(
    SubInterval[] Rows, uint SocketDrops, uint Duplicates, uint OfferedKbpsMax, bool PeerWentSilent,
    uint StoodStillUs)
{
    /// <summary>Rows a message holds without being fragmented.</summary>
    public const int RowsPerMessage = 24;
    private const int FixedLength = 24;

    public static TrialResult Of(LoadSender sender) => new(
        [.. sender.SentBytes.Select(bytes => new SubInterval(0, 0, bytes, 0, 0, 0, 0, 0))],
        0, 0, (uint)sender.OfferedKbpsMax, sender.PeerWentSilent,
        Microseconds(sender.StoodStillNs));

    public static TrialResult Of(LoadReceiver receiver) => new(
        [.. receiver.Meter.Rows], receiver.SocketDrops, (uint)receiver.Meter.Duplicates, 0, receiver.PeerWentSilent,
        Microseconds(receiver.StoodStillNs));

    private static uint Microseconds(long ns) => (uint)Math.Min(ns / 1_000, uint.MaxValue);

    /// <summary>What the sender sent beside what the receiver received.</summary>
    /// <param name="clockAheadNs">How far the receiver's wall clock is ahead of the client's.</param>
    public static TrialResult Join(TrialResult sender, TrialResult receiver, long clockAheadNs)
    {
        SubInterval[] rows = new SubInterval[Math.Min(sender.Rows.Length, receiver.Rows.Length)];
        for (int i = 0; i < rows.Length; i++)
        {
            SubInterval received = receiver.Rows[i];
            // A second that never ended, since the trial broke off, has no times to shift.
            long shiftNs = received.EndUnixNs == 0 ? 0 : clockAheadNs;
            rows[i] = received with
            {
                SentBytes = sender.Rows[i].SentBytes,
                StartUnixNs = received.StartUnixNs - shiftNs,
                EndUnixNs = received.EndUnixNs - shiftNs,
            };
        }
        return new(rows, receiver.SocketDrops, receiver.Duplicates, sender.OfferedKbpsMax,
            sender.PeerWentSilent || receiver.PeerWentSilent,
            (uint)Math.Min((ulong)sender.StoodStillUs + receiver.StoodStillUs, uint.MaxValue));
    }

    /// <summary>Writes the rows from one on and returns the content's length.</summary>
    public int Write(Span<byte> content, int from)
    {
        int count = Math.Clamp(Rows.Length - from, 0, RowsPerMessage);
        BinaryPrimitives.WriteUInt16BigEndian(content, (ushort)Rows.Length);
        BinaryPrimitives.WriteUInt16BigEndian(content[2..], (ushort)from);
        BinaryPrimitives.WriteUInt16BigEndian(content[4..], (ushort)count);
        BinaryPrimitives.WriteUInt16BigEndian(content[6..], PeerWentSilent ? (ushort)1 : (ushort)0);
        BinaryPrimitives.WriteUInt32BigEndian(content[8..], SocketDrops);
        BinaryPrimitives.WriteUInt32BigEndian(content[12..], Duplicates);
        BinaryPrimitives.WriteUInt32BigEndian(content[16..], OfferedKbpsMax);
        BinaryPrimitives.WriteUInt32BigEndian(content[20..], StoodStillUs);
        for (int i = 0; i < count; i++) Rows[from + i].Write(content[(FixedLength + i * SubInterval.Length)..]);
        return FixedLength + count * SubInterval.Length;
    }

    /// <summary>Reads part of a result into <paramref name="rows"/>; null when it is not the part asked for.</summary>
    public static TrialResult? ReadPart(ReadOnlySpan<byte> content, int from, SubInterval[] rows)
    {
        if (content.Length < FixedLength || BinaryPrimitives.ReadUInt16BigEndian(content) != rows.Length
            || BinaryPrimitives.ReadUInt16BigEndian(content[2..]) != from)
            return null;
        int count = BinaryPrimitives.ReadUInt16BigEndian(content[4..]);
        if (count != Math.Min(rows.Length - from, RowsPerMessage)
            || content.Length != FixedLength + count * SubInterval.Length)
            return null;
        for (int i = 0; i < count; i++)
            rows[from + i] = SubInterval.Read(content[(FixedLength + i * SubInterval.Length)..]);
        return new(rows, BinaryPrimitives.ReadUInt32BigEndian(content[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(content[12..]), BinaryPrimitives.ReadUInt32BigEndian(content[16..]),
            BinaryPrimitives.ReadUInt16BigEndian(content[6..]) == 1,
            BinaryPrimitives.ReadUInt32BigEndian(content[20..]));
    }
}
