using System.Runtime.CompilerServices;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Profiles;

namespace Testbed.Analyzer.Streaming;

/// <summary>One tap as the join sees it: the slab at hand, what it keeps of flows, and what stayed alone.</summary>
internal sealed class JoinSource(int tap, TapScanner scanner, TapStream stream)
{
    private const int RecordPlaces = 40;
    private const int FarPlaces = 20;
    private const int NearPlaces = 8;
    private readonly Queue<Slab> _ahead = new();
    private Slab? _slab;
    private PacketRecord[] _records = [];
    private int _at, _count;

    public int Tap { get; } = tap;
    /// <summary>0 for N3, 1 for N6.</summary>
    public int Side { get; } = scanner.Role is TapRole.N3 ? 0 : 1;
    public FlowTable Keys { get; } = scanner.Decoder.Flows;
    public ChunkedList<FlowState> Flows { get; } = new();
    public Residue Residue { get; } = new();
    /// <summary>Of an N6 tap; an N3 tap's own is filled by its reader.</summary>
    public TapProfile? Profile { get; set; }
    /// <summary>Fingerprints of plain packets whose direction nothing told when they came.</summary>
    public ChunkedList<ulong> Undirected { get; } = new();
    public bool IsAtEnd { get; private set; }
    /// <summary>Everything up to this time has been received.</summary>
    public long ReceivedNs { get; private set; } = long.MinValue;

    public ref PacketRecord Head
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _records[_at];
    }

    public bool HasRecord => _at < _count;

    /// <summary>
    /// Asks the cache for what records ahead will touch: first for their flows, then for the flows' partners.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchAhead(JoinSource[] sources)
    {
        if (_at + FarPlaces >= _count) return;
        // The records themselves come from the core that read them.
        Prefetching.Line(ref _records[Math.Min(_at + RecordPlaces, _count - 1)]);
        int far = _records[_at + FarPlaces].Flow, near = _records[_at + NearPlaces].Flow;
        if ((uint)far < (uint)Flows.Count) Prefetching.Line(ref Flows[far]);
        if ((uint)near >= (uint)Flows.Count) return;
        ref FlowState state = ref Flows[near];
        if (state.Partner != 0) Prefetching.Line(ref sources[state.PartnerTap].Flows[state.Partner - 1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref FlowState State(int flow)
    {
        if (flow >= Flows.Count) Flows.Cover(flow);
        return ref Flows[flow];
    }

    /// <summary>The record at hand can have a twin, and its direction is known.</summary>
    public bool IsReady { get; set; }

    public void Leave()
    {
        _at++;
        IsReady = false;
    }

    /// <summary>Makes the next slab the one at hand; false at the end.</summary>
    /// <param name="received">Told of each slab that comes from the reader.</param>
    public bool TryNextSlab(Action<Slab> received)
    {
        if (_slab is not null) stream.GiveBack(_slab);
        _slab = null;
        _at = _count = 0;
        if (_ahead.Count == 0 && !Receive(received)) return false;
        _slab = _ahead.Dequeue();
        (_records, _count) = (_slab.Records, _slab.Count);
        return true;
    }

    /// <summary>Gets one more slab from the reader, behind those that wait; false at the end.</summary>
    public bool Receive(Action<Slab> received)
    {
        if (IsAtEnd) return false;
        if (stream.Take() is not { } slab)
        {
            IsAtEnd = true;
            ReceivedNs = long.MaxValue;
            return false;
        }
        ReceivedNs = slab.Records[slab.Count - 1].TimeNs;
        received(slab);
        _ahead.Enqueue(slab);
        return true;
    }
}
