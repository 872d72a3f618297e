using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Meters.Sessions;
using Testbed.Analyzer.Profiles;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Provenance;

/// <summary>
/// SLC-001 and SLC-002: which slices carry traffic both ways, whether N4, N2 and the claim agree on who belongs to
/// them, and whether slices share tunnels, UPFs that should be apart, or each other's N6.
/// </summary>
internal sealed class SliceMeter : IMeter
{
    private const string Source = "slice-meter";
    /// <summary>Fewer are no slicing.</summary>
    private const int SlicesMin = 2;

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (!context.HasN3 || context.Slices.Count == 0) return;
        List<TunnelUse> uses = TunnelUse.Gather(context);
        output.Kpis.Add(WithTraffic(context, uses));
        output.Kpis.Add(Contradictions(context, uses));
        output.Kpis.Add(Separation(context, uses));
    }

    private static KpiResult WithTraffic(AnalysisContext context, List<TunnelUse> uses)
    {
        HashSet<int> up = [], down = [], toldUp = [], toldDown = [];
        Dictionary<int, string> evidence = [];
        foreach (TunnelUse use in uses)
        {
            foreach ((HostAddress ue, string packet) in use.Ues)
            {
                int slice = context.Slices.Of(ue);
                if (slice == SliceMap.Unknown) continue;
                bool isDown = use.Direction is PacketDirection.Downlink;
                (isDown ? down : up).Add(slice);
                if (context.Slices.IsTold(ue)) (isDown ? toldDown : toldUp).Add(slice);
                evidence.TryAdd(slice, packet);
            }
        }
        List<int> both = [.. up.Where(down.Contains).Order()];
        List<string> names =
            [.. both.Select(slice => $"{context.Slices.Name(slice)} ({context.Slices.Provenance(slice)})")];
        // Two pools or DNNs are two slices on paper: of one without an S-NSSAI it stays open whether it is there.
        bool isTapped = context.Request.N4.Count + context.Request.N2.Count > 0;
        int told = isTapped ? toldUp.Count(toldDown.Contains) : both.Count;
        return Figures.Exact("slices-with-traffic", both.Count, uses.Sum(use => use.Packets), Source) with
        {
            Low = told,
            Evidence = [.. both.Select(slice => evidence[slice]).Take(Figures.EvidenceMax)],
            Findings =
            [
                new($"双向有流量的切片：{(names.Count == 0 ? "无" : string.Join("、", names))}",
                    $"slices with traffic both ways: {(names.Count == 0 ? "none" : string.Join(", ", names))}"),
            ],
            NotUsable = both.Count >= SlicesMin && told < SlicesMin ? Unnamed(both.Count, told) : null,
            NotUsableVerdict = both.Count >= SlicesMin && told < SlicesMin ? Verdict.Inconclusive : null,
        };
    }

    private static LocalText Unnamed(int seen, int told) => new(
        $"{seen} 个有流量的切片中仅 {told} 个由 N4 或 N2 的 S-NSSAI 指明，其余只有申报的地址池或 DNN 为据；请采集 N2，"
            + "或让 SMF 在 N4 上携带 S-NSSAI（TS 29.244，可选信元），并在采集期间建立会话",
        $"N4 or N2 gives the S-NSSAI of {told} of the {seen} slices with traffic; the others stand on the claim's "
            + "pools and DNNs alone: tap N2, or let the SMF send the S-NSSAI on N4 (optional in TS 29.244), and set up "
            + "sessions while the taps record");

    private static KpiResult Contradictions(AnalysisContext context, List<TunnelUse> uses)
    {
        List<SliceContradiction> found = context.ControlPlane.Contradictions;
        int ues = uses.SelectMany(use => use.Ues.Keys).Distinct().Count();
        return Figures.Exact("slice-map-contradictions", found.Count, ues, Source) with
        {
            Evidence = [.. found.Take(Figures.EvidenceMax).Select(one => one.Evidence)],
            Findings = [.. found.Take(Figures.EvidenceMax).Select(one => one.Text)],
        };
    }

    private static KpiResult Separation(AnalysisContext context, List<TunnelUse> uses)
    {
        List<(LocalText Finding, string Evidence)> found = [];
        HashSet<int> inUse = [];
        int violations = 0;
        foreach (LocalText shared in SharedDnns(context)) Add(shared, "claim");
        foreach (TunnelUse use in uses)
        {
            List<int> slices =
                [.. use.Ues.Keys.Select(context.Slices.Of).Where(slice => slice != SliceMap.Unknown).Distinct()];
            inUse.UnionWith(slices);
            if (slices.Count > 1) Add(new(
                $"{use} 同时承载切片 {Names(context, slices)}", $"{use} carries slices {Names(context, slices)}"),
                use.FirstEvidence);
            foreach (int slice in slices)
                if (IsAtOtherUpf(context, use, slice)) Add(new(
                    $"切片 {context.Slices.Name(slice)} 的 {use} 不在其申报的 UPF 上",
                    $"{use} of slice {context.Slices.Name(slice)} is not at its claimed UPF"), use.FirstEvidence);
        }
        foreach ((LocalText finding, string evidence) in ForeignPools(context, uses)) Add(finding, evidence);
        foreach ((LocalText finding, string evidence) in Leaks(context)) Add(finding, evidence);
        KpiResult result = Figures.Exact("slice-separation-violations", violations, uses.Count, Source) with
        {
            Evidence = [.. found.Select(one => one.Evidence)],
            Findings = [.. found.Select(one => one.Finding)],
        };
        return violations > 0 || inUse.Count > 1 ? result : result with
        {
            NotUsable = new("有流量的切片不足两个，无从判断是否分离", "fewer than two slices carry traffic that could be separate"),
            NotUsableVerdict = Verdict.Inconclusive,
        };

        void Add(LocalText finding, string evidence)
        {
            violations++;
            if (found.Count < Figures.EvidenceMax) found.Add((finding, evidence));
        }
    }

    /// <summary>Slices that the claim puts into one data network.</summary>
    private static IEnumerable<LocalText> SharedDnns(AnalysisContext context) =>
        (context.Request.Claim?.Slices ?? []).GroupBy(slice => slice.Dnn, StringComparer.OrdinalIgnoreCase)
            .Where(dnn => dnn.Count() > 1).Select(dnn =>
            {
                string names = string.Join(", ", dnn.Select(slice => slice.Name));
                return new LocalText($"切片 {names} 共用 DNN {dnn.Key}", $"slices {names} share the DNN {dnn.Key}");
            });

    private static string Names(AnalysisContext context, List<int> slices) =>
        string.Join(", ", slices.Order().Select(context.Slices.Name));

    // Only an end at an address of another claimed UPF counts: unclaimed addresses are another requirement's matter.
    private static bool IsAtOtherUpf(AnalysisContext context, TunnelUse use, int slice)
    {
        if (use.Direction is not PacketDirection.Uplink
            || context.Slices.Claimed(slice) is not { } claimed) return false;
        foreach (Conformance.Claims.Upf upf in context.Request.Claim!.Network.Upfs)
            if (upf.N3.Any(address => HostAddress.From(address) == use.Destination))
                return upf.Name != claimed.Upf && upf.Role != "edge";
        return false;
    }

    /// <summary>UEs that N4 or N2 puts into one slice with an address of another slice's claimed pool.</summary>
    private static IEnumerable<(LocalText, string)> ForeignPools(AnalysisContext context, List<TunnelUse> uses)
    {
        HashSet<HostAddress> known = [];
        foreach ((HostAddress ue, string packet) in uses.SelectMany(use => use.Ues))
        {
            int slice = context.Slices.Of(ue), pool = context.Slices.OfPool(ue);
            if (slice == SliceMap.Unknown || pool == SliceMap.Unknown || slice == pool || !known.Add(ue)) continue;
            yield return (new(
                $"切片 {context.Slices.Name(slice)} 的 {ue} 使用切片 {context.Slices.Name(pool)} 的地址池",
                $"{ue} of slice {context.Slices.Name(slice)} is in the pool of slice {context.Slices.Name(pool)}"),
                packet);
        }
    }

    /// <summary>UE traffic on an N6 tap that serves other slices, once for each UE and tap.</summary>
    private static List<(LocalText, string)> Leaks(AnalysisContext context)
    {
        List<(LocalText, string)> leaks = [];
        foreach (TapCapture tap in context.Taps)
        {
            if (tap.Role is TapRole.N3 || tap.Slices.Count == 0) continue;
            AddressTable ues = tap.Profile.UesOnN6;
            List<(FrameName Frame, HostAddress Ue)> sent = [];
            for (int i = 0; i < ues.Count; i++)
            {
                int slice = ues[i].First.Frame == 0 ? SliceMap.Unknown : context.Slices.Of(ues.Address(i));
                if (slice != SliceMap.Unknown && !tap.Slices.Contains(context.Slices.Name(slice)))
                    sent.Add((ues[i].First, ues.Address(i)));
            }
            foreach ((FrameName frame, HostAddress ue) in sent.OrderBy(one => (one.Frame.File, one.Frame.Frame)))
            {
                string slice = context.Slices.Name(context.Slices.Of(ue));
                leaks.Add((new(
                    $"切片 {slice} 的 {ue} 出现在 {tap.Name}", $"{ue} of slice {slice} appears at {tap.Name}"),
                    tap.Evidence(frame)));
            }
        }
        return leaks;
    }
}
