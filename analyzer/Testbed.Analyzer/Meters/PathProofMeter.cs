using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Meters.Records;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters;

/// <summary>
/// E2E-004: every test packet that came back was on N3 in a tunnel, on N6, and on both again on its way back, signed
/// with this run's key, in causal order. A packet that a tap dropped proves nothing either way.
/// </summary>
internal sealed class PathProofMeter : IMeter
{
    private const string Id = "path-proof-ratio";
    private const string Source = "path-proof-meter";
    /// <summary>Stamps of microsecond captures may be rounded by this much.</summary>
    private const long ResolutionNs = 1_000;

    private enum Flaw { None, NotOnN3, NotOnN6, NoTunnel, Order, Transit }

    private sealed class Count
    {
        public long Proven, Excluded, Forged, Genuine, Returned;
        /// <summary>UEs whose tests were answered and of which N3 showed nothing else either.</summary>
        public List<HostAddress> Unheard { get; } = [];
        public Dictionary<Flaw, (long Packets, string? Evidence)> Flaws { get; } = [];
        public string? Evidence, ForgedEvidence;
    }

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run is not { StampSessions.Count: > 0 } || !context.HasBothSides) return;
        Count count = new();
        foreach (StampSessionContext session in context.Request.Run.StampSessions) Check(context, session, count);
        output.Kpis.Add(Result(context, count));
    }

    private static void Check(AnalysisContext context, StampSessionContext session, Count count)
    {
        StampSightings sightings = new(context, session);
        count.Forged += sightings.Forged;
        count.ForgedEvidence ??= sightings.ForgedEvidence;
        count.Genuine += sightings.Genuine;
        long bound = context.Request.Run!.ClockBoundNs;
        StampRow[] returned = [.. context.Readings.StampRows(session.RecordPath).Where(row => row.IsReturned)];
        count.Returned += returned.Length;
        HostAddress ue = HostAddress.From(session.UeAddress);
        if (returned.Length > 0 && sightings.Genuine + sightings.Forged == 0 && !IsHeard(context, ue, returned))
        {
            count.Unheard.Add(ue);
            return;
        }
        foreach (StampRow row in returned)
        {
            StampSighting sighting = sightings.Find(row.Sequence);
            Flaw flaw = FlawOf(row, sighting, bound);
            if (flaw is Flaw.None)
            {
                count.Proven++;
                count.Evidence ??= sighting.Evidence;
                continue;
            }
            (long packets, string? evidence) = count.Flaws.GetValueOrDefault(flaw);
            count.Flaws[flaw] = (
                packets + 1,
                evidence ?? $"{Path.GetFileName(session.RecordPath)} seq {row.Sequence} ({sighting.Evidence})");
        }
    }

    private static Flaw FlawOf(in StampRow row, in StampSighting seen, long boundNs)
    {
        if (seen.N3UpNs == 0 || seen.N3DownNs == 0) return Flaw.NotOnN3;
        if (seen.N6UpNs == 0 || seen.N6DownNs == 0) return Flaw.NotOnN6;
        if (!seen.HasTunnelUp || !seen.HasTunnelDown) return Flaw.NoTunnel;
        ReadOnlySpan<long> path =
            [row.T1Ns, seen.N3UpNs, seen.N6UpNs, row.T2Ns, row.T3Ns, seen.N6DownNs, seen.N3DownNs, row.T4Ns];
        for (int i = 1; i < path.Length; i++)
            if (path[i] - path[i - 1] < -(boundNs + ResolutionNs)) return Flaw.Order;
        // Nothing passes a UPF in no time. Between clocks that may differ this cannot be seen.
        bool takesTime = seen.N6UpNs > seen.N3UpNs && seen.N3DownNs > seen.N6DownNs;
        return takesTime || boundNs > 0 ? Flaw.None : Flaw.Transit;
    }

    private static KpiResult Result(AnalysisContext context, Count count)
    {
        Excuse(context, count, Flaw.NotOnN3, tap => tap.Role is not TapRole.N6);
        Excuse(context, count, Flaw.NotOnN6, tap => tap.Role is not TapRole.N3);
        long flawed = count.Flaws.Values.Sum(flaw => flaw.Packets), all = count.Proven + flawed;
        decimal ratio = all == 0 ? 0 : Figures.Ratio((double)count.Proven / all);
        // A rounded-up ratio must not hide the one packet that has no proof.
        if (flawed > 0 && ratio == 1) ratio = 0.999999999m;
        KpiResult result = Figures.Exact(Id, ratio, all, Source) with
        {
            Direction = Direction.RoundTrip,
            Layer = Layer.Inner,
            Evidence = [.. count.Flaws.Values.Select(flaw => flaw.Evidence).Append(count.Evidence).OfType<string>()],
            Findings = Findings(count),
        };
        if (count.Returned == 0)
            return result with
            {
                NotUsable = new("没有返回的测试报文", "no test packet came back"), NotUsableVerdict = Verdict.Inconclusive,
            };
        // Where N3 carries the UE's other packets and none of those that came back, they came another way. Taps that
        // heard nothing of the UE may stand beside another UPF, and those of an older run cannot say so.
        LocalText? deaf = count.Forged > 0 && count.Genuine == 0
            ? new($"采集中的测试报文未以本次运行的密钥签名（{count.Forged} 个）",
                $"the captures' test packets are not signed with this run's key ({count.Forged})")
            : count.Unheard.Count > 0 && flawed == 0
            ? new($"应答期间 N3 采集中没有终端 {string.Join("、", count.Unheard)} 的报文：采集点可能不在其 UPF 上，或并非本次采集",
                $"N3 shows nothing of UE {string.Join(", ", count.Unheard)} while answers came: "
                    + "the taps may not be those of its UPF, or the captures not of this run")
            : count.Genuine == 0 && !IsN6Alive(context)
            ? new("采集中没有本次运行的任何测试报文", "the captures hold none of this run's test packets")
            : null;
        return deaf is null ? result : result with
        {
            NotUsable = deaf,
            NotUsableVerdict = Verdict.Invalid,
            Evidence = count.ForgedEvidence is null ? [] : [count.ForgedEvidence],
        };
    }

    // N3 was listening while the answers came, and carried this UE's packets at some time of the run: an older capture
    // fails the first, another UPF's the second.
    private static bool IsHeard(AnalysisContext context, HostAddress ue, StampRow[] returned)
    {
        long firstNs = returned.Min(row => row.T1Ns), lastNs = returned.Max(row => row.T4Ns);
        TapCapture[] taps = [.. context.Taps.Where(tap => tap.Role is not TapRole.N6)];
        return taps.Any(tap => Any(tap, (in PacketRecord record) => record.Kind is RecordKind.Gpdu
                && record.TimeNs >= firstNs && record.TimeNs <= lastNs))
            && taps.Any(tap => Any(tap, (in PacketRecord record) => record.Kind is RecordKind.Gpdu
                && record.Flow >= 0 && AnalysisContext.UeOf(tap.Flow(record), record.Direction) == ue));
    }

    private static bool IsN6Alive(AnalysisContext context) => context.Taps.Any(
        tap => tap.Role is not TapRole.N3 && Any(tap, (in PacketRecord record) => record.Kind is RecordKind.Plain));

    private delegate bool RecordTest(in PacketRecord record);

    private static bool Any(TapCapture tap, RecordTest test)
    {
        for (int i = 0; i < tap.Records.Count; i++)
            if (test(tap.Records[i])) return true;
        return false;
    }

    // As many missing packets as the taps dropped may be theirs; more than that are not.
    private static void Excuse(AnalysisContext context, Count count, Flaw flaw, Func<TapCapture, bool> isOfPoint)
    {
        if (!count.Flaws.TryGetValue(flaw, out (long Packets, string? Evidence) found)) return;
        if (found.Packets > Figures.Dropped(context, isOfPoint)) return;
        count.Excluded += found.Packets;
        count.Flaws.Remove(flaw);
    }

    private static List<LocalText> Findings(Count count)
    {
        List<LocalText> findings = [];
        foreach ((Flaw flaw, (long packets, _)) in count.Flaws.OrderByDescending(pair => pair.Value.Packets))
            findings.Add(Text(flaw, packets));
        if (count.Forged > 0)
            findings.Add(new(
                $"{count.Forged} 个报文签名无效", $"{count.Forged} packets carry a signature that is not of this run"));
        if (count.Excluded > 0)
            findings.Add(new(
                $"{count.Excluded} 个报文被探针漏采，未计入", $"{count.Excluded} packets that taps dropped are left out"));
        return findings;
    }

    private static LocalText Text(Flaw flaw, long packets) => flaw switch
    {
        Flaw.NotOnN3 => new($"{packets} 个返回的测试报文未经过 N3", $"{packets} test packets came back without passing N3"),
        Flaw.NotOnN6 => new($"{packets} 个返回的测试报文未经过 N6", $"{packets} test packets came back without passing N6"),
        Flaw.NoTunnel => new($"{packets} 个测试报文在 N3 上没有 QFI", $"{packets} test packets have no QFI on N3"),
        Flaw.Order => new(
            $"{packets} 个测试报文的时间顺序违反因果", $"{packets} test packets were seen in an order that cannot be"),
        _ => new($"{packets} 个测试报文穿过 UPF 不耗时", $"{packets} test packets passed the UPF in no time"),
    };
}
