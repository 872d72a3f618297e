using Testbed.Conformance;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Proofs;

/// <summary>What the test packets that came back prove, and what keeps the others from it.</summary>
internal sealed class PathCount
{
    /// <summary>
    /// Packets that speak neither for the path nor against it may be so many. A packet is seen at four places, and each
    /// tap may miss one frame in a thousand (KIT-002), which no counter of a mirror port tells.
    /// </summary>
    private const double UnclearShareMax = 0.004;

    private readonly Dictionary<PathFlaw, (long Packets, string? Evidence)> _flaws = [];
    private long _excluded, _leftOut;

    public long Proven { get; set; }
    public long Forged { get; set; }
    public long Genuine { get; set; }
    public long Returned { get; set; }
    /// <summary>Flawed packets that taps may have dropped, by what they dropped in the whole run.</summary>
    public long Droppable { get; set; }
    public string? Evidence { get; set; }
    public string? ForgedEvidence { get; set; }
    /// <summary>UEs whose tests were answered and of which N3 showed nothing else either.</summary>
    public List<HostAddress> Unheard { get; } = [];
    /// <summary>Paths whose tests were answered and whose N6 no tap carries: slices, also with the edge.</summary>
    public SortedSet<string> Untapped { get; } = new(StringComparer.Ordinal);
    /// <summary>Why these decide nothing; null where there are none.</summary>
    public LocalText? UntappedText => Untapped.Count == 0 ? null : new(
        $"没有采集点承载 {string.Join("、", Untapped)} 的 N6，其测试报文无从证明；请为其增加 n6（边缘为 n6-edge）采集点，或核对采集点的 slices",
        $"no tap carries the N6 of {string.Join(", ", Untapped)}, so nothing shows where its test packets went; "
            + "claim a tap n6 (n6-edge for the edge) for it, or see which slices the taps name");
    /// <summary>Why a session's packets decide nothing; null where all do.</summary>
    public LocalText? Unclear { get; private set; }
    /// <summary>A session whose packets do decide has flaws.</summary>
    public bool IsRefuted { get; private set; }
    public long Flawed => _flaws.Values.Sum(flaw => flaw.Packets);
    public IEnumerable<string?> FlawEvidence => _flaws.Values.Select(flaw => flaw.Evidence);

    /// <summary>Adds what another session's packets prove.</summary>
    public void Add(PathCount session)
    {
        Proven += session.Proven;
        Forged += session.Forged;
        Genuine += session.Genuine;
        Returned += session.Returned;
        Droppable += session.Droppable;
        Evidence ??= session.Evidence;
        ForgedEvidence ??= session.ForgedEvidence;
        Unheard.AddRange(session.Unheard);
        Untapped.UnionWith(session.Untapped);
        Unclear ??= session.Unclear;
        IsRefuted |= session.Unclear is null && session.Flawed > 0;
        (_excluded, _leftOut) = (_excluded + session._excluded, _leftOut + session._leftOut);
        foreach ((PathFlaw flaw, (long packets, string? first)) in session._flaws)
        {
            (long before, string? evidence) = _flaws.GetValueOrDefault(flaw);
            _flaws[flaw] = (before + packets, evidence ?? first);
        }
    }

    public long Packets(PathFlaw flaw) => _flaws.GetValueOrDefault(flaw).Packets;

    public void Add(PathFlaw flaw, string evidence)
    {
        (long packets, string? first) = _flaws.GetValueOrDefault(flaw);
        _flaws[flaw] = (packets + 1, first ?? evidence);
    }

    /// <summary>Leaves out what a tap dropped.</summary>
    public void Exclude(PathFlaw flaw)
    {
        _excluded += Packets(flaw);
        _flaws.Remove(flaw);
    }

    /// <summary>
    /// Leaves out packets that a tap may have missed once or stamped late while they are few. Where they are many and
    /// nothing worse was found, nothing can be decided.
    /// </summary>
    public void SetUnclearApart()
    {
        long partial = Packets(PathFlaw.Partial), times = Packets(PathFlaw.Times);
        long other = Packets(PathFlaw.OtherAnswer), unclear = partial + times + other;
        if (unclear == 0) return;
        bool isFew = unclear <= UnclearShareMax * Returned;
        // No stamp is late for most packets, and no tap makes another answer of one.
        if (!isFew && (times > Returned / 2 || other > UnclearShareMax * Returned)) return;
        foreach (PathFlaw flaw in (PathFlaw[])[PathFlaw.Partial, PathFlaw.Times, PathFlaw.OtherAnswer])
            _flaws.Remove(flaw);
        _leftOut = unclear;
        if (isFew || Flawed > unclear) return;
        Unclear = new(
            $"{Returned} 个返回的测试报文中有 {partial} 个未被 N3、N6 两处采集点双向都看到，{times} 个的采集时间相互矛盾："
                + "采集点漏采、时间戳不准，或报文另有路径；请检查镜像端口是否过载、采集主机是否繁忙后重测",
            $"of {Returned} test packets that came back {partial} were not seen both ways at both N3 and N6, and the "
                + $"taps' times of {times} contradict each other: taps miss frames or stamp them late, or packets take "
                + "another way; see that no mirror port is overloaded and no capturing host busy, and measure again");
    }

    /// <summary>In words, worst first.</summary>
    public List<LocalText> Findings()
    {
        List<LocalText> findings = [];
        foreach ((PathFlaw flaw, (long packets, _)) in _flaws.OrderByDescending(pair => pair.Value.Packets))
            findings.Add(Text(flaw, packets));
        if (Forged > 0)
            findings.Add(new($"{Forged} 个报文签名无效", $"{Forged} packets carry a signature that is not of this run"));
        if (_excluded > 0)
            findings.Add(new(
                $"{_excluded} 个报文被探针漏采，未计入", $"{_excluded} packets that taps dropped are left out"));
        if (_leftOut > 0)
            findings.Add(new(
                $"{_leftOut} 个报文有采集点漏采或时间戳不准，不作证明，未计入",
                $"{_leftOut} packets that a tap missed once or stamped late prove nothing and are left out"));
        return findings;
    }

    private static LocalText Text(PathFlaw flaw, long packets) => flaw switch
    {
        PathFlaw.NotOnN3 =>
            new($"{packets} 个返回的测试报文未经过 N3", $"{packets} test packets came back without passing N3"),
        PathFlaw.NotOnN6 =>
            new($"{packets} 个返回的测试报文未经过 N6", $"{packets} test packets came back without passing N6"),
        PathFlaw.NoTunnel => new($"{packets} 个测试报文在 N3 上没有 QFI", $"{packets} test packets have no QFI on N3"),
        PathFlaw.Order => new(
            $"{packets} 个测试报文的时间顺序违反因果", $"{packets} test packets were seen in an order that cannot be"),
        PathFlaw.Transit => new(
            $"{packets} 个测试报文穿过 UPF 不耗时", $"{packets} test packets passed the UPF in no time"),
        PathFlaw.OtherAnswer => new(
            $"{packets} 个测试报文的应答不是 N3 上的那一个", $"the answers to {packets} test packets are not those on N3"),
        PathFlaw.Times => new(
            $"{packets} 个测试报文在 N3 或 N6 以远停留的时间比往返时延还长，应答另有来源",
            $"{packets} test packets were away beyond N3 or N6 for longer than their round trip took: "
                + "others answered them"),
        _ => new(
            $"{packets} 个测试报文未在 N3、N6 双向都被看到", $"{packets} test packets were not seen both ways on N3 and N6"),
    };
}
