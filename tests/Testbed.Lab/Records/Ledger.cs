using System.Collections.Concurrent;

namespace Testbed.Lab.Records;

/// <summary>What truly happened in the lab, for tests to compare with what the verifier found.</summary>
internal sealed class Ledger(TimeProvider time)
{
    private readonly ConcurrentQueue<TunnelRecord> _tunnels = [];
    private readonly ConcurrentDictionary<uint, TunnelRecord> _open = new();

    public DateTimeOffset StartedUtc { get; } = time.GetUtcNow();
    public EventCounts Events { get; } = new();
    /// <summary>Time inside the UPF process from the receive call's return to the send call's return.</summary>
    public DelayHistogram UpfUplink { get; } = new();
    public DelayHistogram UpfDownlink { get; } = new();

    public IReadOnlyList<TunnelRecord> Tunnels => [.. _tunnels];

    public TunnelRecord Open(string slice, string ueAddress, uint downlinkTeid)
    {
        TunnelRecord record = new()
        {
            Slice = slice,
            UeAddress = ueAddress,
            DownlinkTeid = downlinkTeid,
            EstablishedUtc = time.GetUtcNow(),
        };
        _tunnels.Enqueue(record);
        _open[downlinkTeid] = record;
        return record;
    }

    /// <summary>The open session of this downlink TEID.</summary>
    public TunnelRecord? Find(uint downlinkTeid) => _open.GetValueOrDefault(downlinkTeid);

    public void Close(TunnelRecord record)
    {
        _open.TryRemove(record.DownlinkTeid, out _);
        record.ReleasedUtc = time.GetUtcNow();
    }
}
