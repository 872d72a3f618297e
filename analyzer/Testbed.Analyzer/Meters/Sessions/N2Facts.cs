using System.Text.Json;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Decoding.Signalling;
using Testbed.Wire.Ngap;

namespace Testbed.Analyzer.Meters.Sessions;

/// <summary>Gathers what N2 showed into the summary that is printed.</summary>
internal static class N2Facts
{
    public static N2Summary? Of(AnalysisContext context)
    {
        if (context.Request.N2.Count == 0) return null;
        ControlPlane control = context.ControlPlane;
        IReadOnlyList<ControlTally> tallies = control.N2Tallies;
        SortedDictionary<string, long> procedures = new(StringComparer.Ordinal);
        foreach (CapturedNgap captured in control.NgapMessages)
            procedures[Name(captured.Message.Procedure)] =
                procedures.GetValueOrDefault(Name(captured.Message.Procedure)) + 1;
        return new()
        {
            Files = Files(tallies),
            Messages = control.NgapMessages.Count,
            Retransmitted = tallies.Sum(tally => tally.Retransmitted),
            Procedures = procedures,
            OtherElements = control.NgapMessages.Sum(captured => (long)captured.Message.OtherElementCount),
            RanNodes = RanNodes(control),
            Amfs = Amfs(control),
            InitialUeMessages = Count(control, NgapProcedure.InitialUeMessage, NgapOutcome.Initiating),
            ContextsSetUp = Count(control, NgapProcedure.InitialContextSetup, NgapOutcome.Successful),
            ContextsFailed = Count(control, NgapProcedure.InitialContextSetup, NgapOutcome.Unsuccessful),
            SessionsSetUp = control.NgapSessions.All.Count,
            SessionsFailed = control.NgapSessions.Failed,
            SessionsReleased = control.NgapSessions.Released,
            Slices = Slices(control),
        };
    }

    private static TapSummary Files(IReadOnlyList<ControlTally> tallies)
    {
        SortedDictionary<string, long> notDecoded = new(StringComparer.Ordinal);
        foreach (ControlTally tally in tallies)
            foreach ((string reason, long count) in tally.NotDecoded())
                notDecoded[reason] = notDecoded.GetValueOrDefault(reason) + count;
        List<DecodeTally> frames = [.. tallies.Select(tally => tally.Frames)];
        bool any = frames.Any(tally => tally.LastNs >= tally.FirstNs);
        return new()
        {
            Packets = frames.Sum(tally => tally.Packets), Bytes = frames.Sum(tally => tally.Bytes),
            FirstNs = any ? frames.Min(tally => tally.FirstNs) : 0,
            LastNs = any ? frames.Max(tally => tally.LastNs) : 0,
            Decoded = frames.Sum(tally => tally.Decoded), NotDecoded = notDecoded,
        };
    }

    private static long Count(ControlPlane control, NgapProcedure procedure, NgapOutcome outcome) =>
        control.NgapMessages.Count(
            captured => captured.Message.Procedure == procedure && captured.Message.Outcome == outcome);

    private static string Name(NgapProcedure procedure) => Enum.IsDefined(procedure)
        ? JsonNamingPolicy.CamelCase.ConvertName(procedure.ToString()) : $"procedure{(int)procedure}";

    private static bool IsSetup(CapturedNgap captured, NgapOutcome outcome) =>
        captured.Message.Procedure is NgapProcedure.NgSetup && captured.Message.Outcome == outcome;

    // A node whose set-up came before the capture shows itself by what it alone sends.
    private static List<N2RanNode> RanNodes(ControlPlane control)
    {
        SortedDictionary<ControlPeer, NgapMessage?> nodes = [];
        HashSet<ControlPeer> accepted = [];
        foreach (CapturedNgap captured in control.NgapMessages)
        {
            if (IsSetup(captured, NgapOutcome.Initiating)) nodes[captured.Source] = captured.Message;
            else if (IsSetup(captured, NgapOutcome.Successful)) accepted.Add(captured.Destination);
            else if (captured.Message is { Procedure: NgapProcedure.InitialUeMessage }
                or { Procedure: NgapProcedure.UplinkNasTransport }) nodes.TryAdd(captured.Source, null);
        }
        ILookup<ControlPeer, NgapSession> sessions = control.NgapSessions.All.ToLookup(session => session.RanNode);
        foreach (IGrouping<ControlPeer, NgapSession> node in sessions) nodes.TryAdd(node.Key, null);
        return
        [
            .. nodes.Select(node => new N2RanNode(
                node.Key.Address.ToString(), node.Value?.RanNode?.ToString(), node.Value?.RanNodeName,
                accepted.Contains(node.Key),
                [.. (node.Value?.SupportedAreas ?? []).Select(area => new N2Area(
                    area.TrackingAreaCode.ToString("X6"), area.Plmn.ToString(), Texts(area.Slices)))],
                [.. sessions[node.Key].SelectMany(session => session.DownlinkEnds).Select(end => end.Address)
                    .Distinct().Order().Select(address => address.ToString())])),
        ];
    }

    private static List<N2Amf> Amfs(ControlPlane control)
    {
        SortedDictionary<ControlPeer, NgapMessage?> amfs = [];
        foreach (CapturedNgap captured in control.NgapMessages)
        {
            if (IsSetup(captured, NgapOutcome.Successful)) amfs[captured.Source] = captured.Message;
            else if (captured.Message.Procedure is NgapProcedure.DownlinkNasTransport)
                amfs.TryAdd(captured.Source, null);
        }
        return
        [
            .. amfs.Select(amf => new N2Amf(
                amf.Key.Address.ToString(), amf.Value?.AmfName,
                [.. (amf.Value?.ServedGuamis ?? []).Select(guami => guami.ToString())],
                [.. (amf.Value?.PlmnSupport ?? []).Select(
                    plmn => new N2Support(plmn.Plmn.ToString(), Texts(plmn.Slices)))])),
        ];
    }

    private static SortedDictionary<string, N2Slice> Slices(ControlPlane control)
    {
        SortedDictionary<string, N2Slice> slices = new(StringComparer.Ordinal);
        foreach (IGrouping<string, NgapSession> slice in control.NgapSessions.All
            .Where(session => session.Snssai is not null).GroupBy(session => session.Snssai.ToString()!))
            slices[slice.Key] = new(slice.Count(),
            [
                .. slice.SelectMany(session => session.Flows.Values).GroupBy(flow => flow)
                    .OrderBy(flow => flow.Key.Qfi).ThenBy(flow => flow.Key.FiveQi).Select(flow => new N2Flow(
                        flow.Key.Qfi, flow.Key.FiveQi, flow.Key.IsDynamic, flow.Key.Priority,
                        flow.Key.Gbr?.GuaranteedDownlinkBps, flow.Key.Gbr?.GuaranteedUplinkBps, flow.Count())),
            ]);
        return slices;
    }

    private static List<string> Texts(IEnumerable<Wire.Pfcp.Snssai> slices) =>
        [.. slices.Select(slice => slice.ToString())];
}
