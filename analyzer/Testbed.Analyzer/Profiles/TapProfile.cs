using System.Runtime.CompilerServices;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Meters;

namespace Testbed.Analyzer.Profiles;

/// <summary>What a profile is to note, beside what it notes always.</summary>
/// <param name="StartNs">Start of all intervals: the first frame of any tap.</param>
/// <param name="SeriesStepNs">Length of a plotted interval.</param>
/// <param name="WithTunnels">Note who uses which tunnel: wanted where a claim or N4 can explain it.</param>
internal sealed record ProfileSettings(long StartNs, long SeriesStepNs, bool WithTunnels);

/// <summary>
/// What one tap showed, added up packet by packet in the order of its files: meters read this and no packets. A packet
/// is added when its direction is known as far as it ever will be.
/// </summary>
internal sealed class TapProfile
{
    private const int KindCount = (int)RecordKind.Trial + 1;
    private const int QfiValues = 256;
    private const int GpduBits = (int)(PacketDirection.Uplink | PacketDirection.Downlink);
    /// <summary>Bits of a flow's directions as a plain packet lie above those of its G-PDUs.</summary>
    private const int PlainShift = 2;
    private const int N9Shift = 4;
    private readonly FlowTable _flows;
    private readonly TunnelTable _tunnels;
    private readonly long[] _kinds = new long[KindCount];
    private readonly long[] _gpdus = new long[3 * QfiValues], _n9 = new long[3 * QfiValues];
    private readonly RateAccount[] _rates = new RateAccount[6];
    private readonly List<FrameName>[] _bare = [[], [], []];
    private readonly IReadOnlyList<string> _files;
    private readonly long _startNs;
    private long _stepFromNs = long.MinValue, _step;

    /// <param name="files">As the records number them.</param>
    public TapProfile(FrameDecoder decoder, IReadOnlyList<string> files, ProfileSettings settings)
    {
        _files = files;
        (_flows, _tunnels, _startNs) = (decoder.Flows, decoder.Tunnels, settings.StartNs);
        for (int i = 0; i < _rates.Length; i++) _rates[i] = new(settings.StartNs, settings.SeriesStepNs);
        if (settings.WithTunnels) Traffic = new();
    }

    public long Records { get; private set; }
    /// <summary>UE's ends of G-PDUs, each with the first frame that showed it.</summary>
    public AddressTable UesOnN3 { get; } = new();
    /// <summary>UE's ends of G-PDUs between two UPFs.</summary>
    public AddressTable UesOnN9 { get; } = new();
    /// <summary>
    /// UE's ends of plain packets, translated ones as they are, each with the first frame that it sent.
    /// </summary>
    public AddressTable UesOnN6 { get; } = new();
    /// <summary>The first packet of which a flow and direction are known.</summary>
    public FrameName FirstUsed { get; private set; }
    /// <summary>Null unless asked for.</summary>
    public TunnelTraffic? Traffic { get; }
    /// <summary>Told of each flow that is seen in a direction for the first time.</summary>
    public Action<FlowKey, PacketDirection>? FlowSeen { get; init; }
    /// <summary>Told when a UE is active; null where another finds that out.</summary>
    public ActivityBySlice? Activity { get; init; }

    public long Kind(RecordKind kind) => _kinds[(int)kind];

    public long Gpdus(PacketDirection direction, byte qfi) => _gpdus[(int)direction * QfiValues + qfi];

    /// <summary>The same of G-PDUs between two UPFs.</summary>
    public long N9Gpdus(PacketDirection direction, byte qfi) => _n9[(int)direction * QfiValues + qfi];

    /// <summary>The first G-PDUs without a container, at most <see cref="Figures.EvidenceMax"/>.</summary>
    public IReadOnlyList<FrameName> WithoutContainer(PacketDirection direction) => _bare[(int)direction];

    /// <param name="kind">Gpdu or Plain.</param>
    public RateAccount Rate(RecordKind kind, PacketDirection direction) => _rates[RateIndex(kind, direction)];

    public void Add(in PacketRecord record)
    {
        Records++;
        _kinds[(int)record.Kind]++;
        if (record.Tunnel >= 0) NoteTunnel(record);
        if (record.Kind is RecordKind.Gpdu) AddGpdu(record);
        else if (record.Kind is RecordKind.N9Gpdu)
        {
            AddN9(record);
            return;
        }
        else if (record.Kind is not RecordKind.Plain) return;
        _rates[RateIndex(record.Kind, record.Direction)].Add(record.TimeNs, record.InnerLength);
        if (record.Flow < 0 || record.Direction is PacketDirection.Unknown) return;
        ref FlowTable.Note note = ref _flows.NoteOf(record.Flow);
        int bit = (int)record.Direction << (record.Kind is RecordKind.Gpdu ? 0 : PlainShift);
        if ((note.Seen & bit) == 0)
        {
            note.Seen |= (byte)bit;
            SeeFlow(record);
        }
        if (Activity is not null && record.Kind is RecordKind.Gpdu) NoteActivity(record, ref note);
    }

    /// <summary>Adds a plain packet of a flow that was seen going that way: no more than counts is new in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddOfSeenFlow(in PacketRecord record)
    {
        Records++;
        _kinds[(int)RecordKind.Plain]++;
        _rates[RateIndex(RecordKind.Plain, record.Direction)].Add(record.TimeNs, record.InnerLength);
    }

    private static int RateIndex(RecordKind kind, PacketDirection direction) =>
        (kind is RecordKind.Gpdu ? 0 : 3) + (int)direction;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddGpdu(in PacketRecord record)
    {
        _gpdus[(int)record.Direction * QfiValues + record.Qfi]++;
        if (record.Qfi == PacketRecord.NoQfi && _bare[(int)record.Direction].Count < Figures.EvidenceMax)
            _bare[(int)record.Direction].Add(FrameName.Of(record));
        if (Traffic is null || record.Tunnel < 0) return;
        bool isNew = true;
        if (record.Flow >= 0)
        {
            ref FlowTable.Note note = ref _flows.NoteOf(record.Flow);
            isNew = note.Tunnel != record.Tunnel || note.Qfi != record.Qfi;
            (note.Tunnel, note.Qfi) = (record.Tunnel, record.Qfi);
        }
        Traffic.Add(record, isNew);
    }

    private void AddN9(in PacketRecord record)
    {
        _n9[(int)record.Direction * QfiValues + record.Qfi]++;
        if (record.Flow < 0 || record.Direction is PacketDirection.Unknown) return;
        ref FlowTable.Note note = ref _flows.NoteOf(record.Flow);
        int bit = (int)record.Direction << N9Shift;
        if ((note.Seen & bit) != 0) return;
        note.Seen |= (byte)bit;
        UesOnN9.Intern(AnalysisContext.UeOf(_flows[record.Flow], record.Direction));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteTunnel(in PacketRecord record)
    {
        ref TunnelTable.Note note = ref _tunnels.NoteOf(record.Tunnel);
        if (note.FirstFrame == 0) (note.FirstFile, note.FirstFrame) = (record.File, record.FrameNumber);
        if (record.Kind is not (RecordKind.Gpdu or RecordKind.N9Gpdu)) return;
        note.IsUsed = true;
        if (record.Qfi != PacketRecord.NoQfi) note.Votes += record.Direction is PacketDirection.Uplink ? 1 : -1;
    }

    private void SeeFlow(in PacketRecord record)
    {
        FlowKey flow = _flows[record.Flow];
        bool onN3 = record.Kind is RecordKind.Gpdu;
        AddressTable ues = onN3 ? UesOnN3 : UesOnN6;
        int number = ues.Intern(AnalysisContext.UeOf(flow, record.Direction));
        if (onN3) _flows.NoteOf(record.Flow).Ue = number;
        ref AddressTable.Entry ue = ref ues[number];
        if (ue.First.Frame == 0 && (onN3 || record.Direction is PacketDirection.Uplink))
            ue.First = FrameName.Of(record);
        ue.Seen |= (byte)record.Direction;
        if (FirstUsed.Frame == 0) FirstUsed = FrameName.Of(record);
        FlowSeen?.Invoke(flow, record.Direction);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteActivity(in PacketRecord record, ref FlowTable.Note note)
    {
        if (record.TimeNs < _stepFromNs || record.TimeNs >= _stepFromNs + SessionActivity.StepNs)
        {
            if (record.TimeNs < _startNs) return;
            _step = (record.TimeNs - _startNs) / SessionActivity.StepNs;
            _stepFromNs = _startNs + _step * SessionActivity.StepNs;
        }
        if (_step == note.Step || _step >= SessionActivity.StepsMax) return;
        note.Step = (int)_step;
        // A flow that goes both ways has a UE at either end.
        bool isOneWay = (note.Seen & GpduBits) != GpduBits;
        int ue = isOneWay ? note.Ue : UesOnN3.Intern(AnalysisContext.UeOf(_flows[record.Flow], record.Direction));
        // Another of its flows was active in this second.
        if (UesOnN3[ue].ActiveEnd == (int)_step + SessionActivity.WindowSteps) return;
        if (Activity!.WantsFirst) Activity.NoteFirst(UesOnN3.Address(ue), FrameName.Of(record), _files);
        Activity.Note(UesOnN3, ue, (int)_step);
    }
}
