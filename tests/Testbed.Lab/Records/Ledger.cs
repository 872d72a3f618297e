using System.Collections.Concurrent;

namespace Testbed.Lab.Records;

/// <summary>What truly happened in the lab, for tests to compare with what the verifier found.</summary>
internal sealed class Ledger
{
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<TunnelRecord> _tunnels = [];
    private readonly ConcurrentDictionary<uint, TunnelRecord> _open = new();

    public Ledger(TimeProvider time)
    {
        _time = time;
        StartedUtc = time.GetUtcNow();
        Events.Hold("pdu sessions", () => _open.Count);
    }

    public DateTimeOffset StartedUtc { get; }
    public EventCounts Events { get; } = new();
    public TransitRecord UpfUplink { get; } = new();
    public TransitRecord UpfDownlink { get; } = new();

    public IReadOnlyList<TunnelRecord> Tunnels => [.. _tunnels];

    /// <param name="ueAddress">As a big-endian number.</param>
    public TunnelRecord Open(string slice, uint ueAddress)
    {
        TunnelRecord record = new()
        {
            Slice = slice,
            Ue = ueAddress,
            EstablishedUtc = _time.GetUtcNow(),
        };
        _tunnels.Enqueue(record);
        _open[ueAddress] = record;
        return record;
    }

    /// <summary>Open sessions of a range of UE addresses, both ends included.</summary>
    public int OpenCount(uint first, uint last) => _open.Keys.Count(ue => ue >= first && ue <= last);

    /// <summary>The open session of this UE.</summary>
    public TunnelRecord? Find(uint ueAddress) => _open.GetValueOrDefault(ueAddress);

    public void Close(TunnelRecord record)
    {
        _open.TryRemove(record.Ue, out _);
        record.ReleasedUtc = _time.GetUtcNow();
    }
}
