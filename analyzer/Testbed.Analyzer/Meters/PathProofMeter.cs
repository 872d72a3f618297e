using Testbed.Analyzer.Decoding;
using Testbed.Conformance;
using Testbed.Conformance.Results;

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
        public long FirstReturnedNs = long.MaxValue, LastReturnedNs = long.MinValue;
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
        foreach (StampRow row in StampRow.Read(session.RecordPath))
        {
            if (!row.IsReturned) continue;
            count.Returned++;
            count.FirstReturnedNs = Math.Min(count.FirstReturnedNs, row.T1Ns);
            count.LastReturnedNs = Math.Max(count.LastReturnedNs, row.T4Ns);
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
        // Taps that heard the network meanwhile, but none of the packets that came back: they came another way. Taps
        // that heard nothing, or an older run, cannot say so.
        if (count.Genuine > 0 || (count.Forged == 0 && WereListening(context, count))) return result;
        return result with
        {
            NotUsable = count.Forged > 0
                ? new($"采集中的测试报文未以本次运行的密钥签名（{count.Forged} 个）",
                    $"the captures' test packets are not signed with this run's key ({count.Forged})")
                : new("采集中没有本次运行的任何测试报文", "the captures hold none of this run's test packets"),
            NotUsableVerdict = Verdict.Invalid,
            Evidence = count.ForgedEvidence is null ? [] : [count.ForgedEvidence],
        };
    }

    private static bool WereListening(AnalysisContext context, Count count) =>
        context.Taps.Any(tap => tap.Role is not TapRole.N6 && Heard(tap, count, isOnN3: true))
        && context.Taps.Any(tap => tap.Role is not TapRole.N3 && Heard(tap, count, isOnN3: false));

    private static bool Heard(TapCapture tap, Count count, bool isOnN3)
    {
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.TimeNs < count.FirstReturnedNs || record.TimeNs > count.LastReturnedNs) continue;
            if (isOnN3 ? record.Kind is RecordKind.Gpdu : record.Kind is RecordKind.Plain)
                return true;
        }
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
