using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.GtpU;
using Testbed.Wire.Trials;

namespace Testbed.Analyzer.Meters.Security;

/// <summary>Where the taps saw one trial's packets of one class, by sequence number.</summary>
internal sealed class TrialSighting
{
    public HashSet<uint> OnN3Up { get; } = [];
    public HashSet<uint> OnN3Down { get; } = [];
    public HashSet<uint> OnN6 { get; } = [];
    public List<string> N6Evidence { get; } = [];
    public List<string> N3DownEvidence { get; } = [];
}

/// <summary>
/// Finds the packets of security trials at all taps. Each counts only when it carries the run's signature, so nothing
/// else on the same ports can pass for one.
/// </summary>
internal sealed class TrialSightings
{
    private readonly Dictionary<(int Trial, TrialClass Class), TrialSighting> _seen = [];
    private readonly Dictionary<int, int> _nestedBySourcePort = [];
    private readonly AnalysisContext _context;
    private readonly byte[] _key;

    public TrialSightings(AnalysisContext context)
    {
        _context = context;
        _key = TrialMessage.DeriveKey(context.Request.Run!.Nonce.Span);
        foreach (TapCapture tap in context.Taps) Gather(tap);
    }

    public TrialSighting Of(int trial, TrialClass what) =>
        _seen.TryGetValue((trial, what), out TrialSighting? found) ? found : new();

    /// <summary>
    /// Packets on N3 from this UDP port to port 2152 inside the tunnel. Their signature lies behind a second GTP-U
    /// header, beyond what is kept of a payload: the port, drawn from the nonce, has to do.
    /// </summary>
    public int NestedFrom(IReadOnlyList<int> ports) => ports.Sum(port => _nestedBySourcePort.GetValueOrDefault(port));

    private void Gather(TapCapture tap)
    {
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.Kind is not RecordKind.Trial || (record.Flags & RecordFlags.TestTraffic) == 0) continue;
            bool onN3 = record.Tunnel >= 0;
            FlowKey flow = tap.Flow(record);
            if (onN3 && flow.DestinationPort == GtpUHeader.Port && IsUplink(tap, record))
                _nestedBySourcePort[flow.SourcePort] = _nestedBySourcePort.GetValueOrDefault(flow.SourcePort) + 1;
            else if (TrialMessage.TryRead(
                _key, tap.Decoder.TestPayloads[(int)record.Extra], out TrialMessage message))
                Note(tap, record, message, onN3);
        }
    }

    private void Note(TapCapture tap, in PacketRecord record, in TrialMessage message, bool onN3)
    {
        if (!_seen.TryGetValue((message.Trial, message.Class), out TrialSighting? sighting))
            _seen[(message.Trial, message.Class)] = sighting = new();
        if (!onN3)
        {
            if (sighting.OnN6.Add(message.Sequence) && sighting.N6Evidence.Count < Figures.EvidenceMax)
                sighting.N6Evidence.Add(tap.Evidence(record));
        }
        else if (IsUplink(tap, record)) sighting.OnN3Up.Add(message.Sequence);
        else if (sighting.OnN3Down.Add(message.Sequence) && sighting.N3DownEvidence.Count < Figures.EvidenceMax)
            sighting.N3DownEvidence.Add(tap.Evidence(record));
    }

    // The container says which way; without one the tunnel's end does.
    private bool IsUplink(TapCapture tap, in PacketRecord record) =>
        record.Direction is PacketDirection.Uplink || (record.Direction is PacketDirection.Unknown
            && _context.Roles.UpfN3.Contains(tap.Tunnel(record).Destination));
}
