using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Identity;

/// <summary>
/// E2E-009: nobody changed the network while it was measured. Looks at what a device that takes another's address over
/// does not take over with it: the time at which it started, its MAC address, how far away it is, how it makes its
/// packets, its name. Sessions come and go in every network and count for nothing here.
/// </summary>
internal sealed class NetworkChangeMeter : IMeter
{
    private const string Id = "network-changes";
    private const string Source = "network-change-meter";
    /// <summary>A UPF must be seen over this share of the capture for its start and end to be compared.</summary>
    private const double SpanMin = 0.5;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (!context.HasN3 || context.Request.Run is not { } run) return;
        N3Senders senders = N3Senders.Read(
            context.Request.N3, run.KitAddresses.Select(HostAddress.From).ToHashSet());
        NodeStatements statements = NodeStatements.Of(context.ControlPlane);
        List<(LocalText Text, string Evidence)> changes = [.. statements.Changes()];
        int compared = statements.Compared;
        List<LocalText> mixed = [];
        foreach (N3Sender sender in senders.All)
        {
            foreach ((string name, Trait trait, Func<ulong, string> show) in Traits(sender))
            {
                if (!trait.IsSettled) continue;
                compared++;
                if (trait.IsAlternating) mixed.Add(new(
                    $"{sender.Address} 的 {name} 交替变化（多条路径），未作比较",
                    $"{name} of {sender.Address} goes on alternating (several paths) and is not compared"));
                changes.AddRange(trait.Changes.Select(change => (new LocalText(
                    $"{sender.Address}（{sender.Tap}）的 {name}：{show(change.Before)} → {show(change.After)}"
                        + $"（{change.Evidence}）",
                    $"{name} of {sender.Address} at {sender.Tap}: {show(change.Before)} → {show(change.After)} "
                        + $"({change.Evidence})"), change.Evidence)));
            }
        }
        KpiResult result = Figures.Exact(Id, changes.Count, compared, Source) with
        {
            Evidence = [.. changes.Take(Figures.EvidenceMax).Select(change => change.Evidence)],
            Findings = [.. changes.Take(Figures.EvidenceMax).Select(change => change.Text), .. mixed],
        };
        bool isBrief = changes.Count == 0 && !senders.All.Any(sender => IsSeenThroughout(context, sender));
        output.Kpis.Add(!isBrief ? result : result with
        {
            NotUsable = new(
                "没有 UPF 在 N3 上从开始到结束持续可见，前后无从比较",
                "no UPF is seen on N3 long enough to compare the network's start with its end"),
            NotUsableVerdict = Verdict.Inconclusive,
        });
    }

    private static bool IsSeenThroughout(AnalysisContext context, N3Sender sender)
    {
        if (!context.Roles.UpfN3.Contains(sender.Address) || !sender.TimeToLive.IsSettled) return false;
        long firstNs = long.MaxValue, lastNs = 0;
        foreach (Decoding.TapCapture tap in context.Taps)
        {
            if (tap.Role is Decoding.TapRole.N6) continue;
            firstNs = Math.Min(firstNs, tap.Tally.FirstNs);
            lastNs = Math.Max(lastNs, tap.Tally.LastNs);
        }
        return sender.LastNs - sender.FirstNs >= SpanMin * (lastNs - firstNs);
    }

    private static IEnumerable<(string Name, Trait Trait, Func<ulong, string> Show)> Traits(N3Sender sender) =>
    [
        ("MAC", sender.Mac, ShowMac),
        ("TTL", sender.TimeToLive, ttl => $"{ttl}"),
        ("DF", sender.DontFragment, flag => $"{flag}"),
    ];

    private static string ShowMac(ulong mac) =>
        string.Join(':', Enumerable.Range(0, 6).Select(i => $"{mac >> (40 - 8 * i) & 0xFF:x2}"));
}
