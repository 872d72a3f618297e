using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;
using Testbed.Wire.Stamp;

namespace Testbed.Analyzer.Meters.Records;

/// <summary>
/// Which packets of a STAMP session some taps show, both ways: told by their key, so that neither a translated address
/// nor somebody else's traffic on the same port is taken for them.
/// </summary>
internal sealed class KeyedPackets
{
    /// <summary>By the sender's sequence number, with the first packet that showed each.</summary>
    public Dictionary<uint, string> Uplink { get; } = [];
    public Dictionary<uint, string> Downlink { get; } = [];

    public int Count => Uplink.Count + Downlink.Count;

    /// <summary>
    /// Packets that came back to the UE: as N3 tells where these are its packets, else as the sender does.
    /// </summary>
    public HashSet<uint> Answered(AnalysisContext context, StampSessionContext session) => Downlink.Count > 0
        ? [.. Downlink.Keys]
        : [.. context.Readings.StampRows(session.RecordPath).Where(row => row.IsReturned)
            .Select(row => row.Sequence)];

    public static KeyedPackets Of(AnalysisContext context, StampSessionContext session, Func<TapCapture, bool> isAt)
    {
        KeyedPackets seen = new();
        using StampVerifier key = StampKeys.Derive(context.Request.Run!.Nonce.Span, session.Session).Verifier();
        foreach (TapCapture tap in context.Taps)
            if (isAt(tap)) seen.Gather(tap, session, key);
        return seen;
    }

    private void Gather(TapCapture tap, StampSessionContext session, StampVerifier key)
    {
        HostAddress remote = HostAddress.From(session.RemoteAddress);
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if ((record.Flags & RecordFlags.TestTraffic) == 0 || record.Flow < 0) continue;
            FlowKey flow = tap.Flow(record);
            bool up = flow.Destination == remote && flow.DestinationPort == session.RemotePort;
            bool down = flow.Source == remote && flow.SourcePort == session.RemotePort;
            if (!up && !down) continue;
            ReadOnlySpan<byte> payload = tap.Decoder.TestPayloads[(int)record.Extra];
            if (key.Verify(payload) && StampSightings.SequenceOf(payload, up) is { } sequence)
                (up ? Uplink : Downlink).TryAdd(sequence, tap.Evidence(record));
        }
    }
}
