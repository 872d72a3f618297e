using System.Text.Json;
using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Reports;
using Testbed.Conformance.Results;
using Testbed.Server.Agents;

namespace Testbed.Server.Runs.Conclusions;

/// <summary>How far apart the kits' clocks may be, and what share of a delay limit that is.</summary>
internal sealed class ClockFigures
{
    /// <summary>What a bound that nobody knows is taken for in arithmetic: no delay of a network reaches it.</summary>
    private const long UnknownBoundNs = 3_600L * 1_000_000_000;

    public ClockFigures(IEnumerable<AgentFacts> agents) => Clocks = [.. agents.Select(Read)];

    public IReadOnlyList<ReportClock> Clocks { get; }

    /// <summary>One boot of one machine: every stamp is by the same clock.</summary>
    public bool IsOneClock => Clocks.Count > 0 && Clocks[0].BootId.Length > 0
        && Clocks.All(clock => clock.BootId == Clocks[0].BootId);

    /// <summary>Null when a bound is not known.</summary>
    public long? KnownBoundNs => IsOneClock ? 0
        : Clocks.Any(clock => clock.BoundNs is null) ? null
        : Clocks.Select(clock => clock.BoundNs!.Value).OrderDescending().Take(2).Sum();

    public long BoundNs => KnownBoundNs ?? UnknownBoundNs;

    /// <summary>The KPI <c>clock-bound-share</c>.</summary>
    public KpiResult Share(Claim claim)
    {
        decimal limitMs = SmallestLimitMs(claim);
        KpiResult kpi = new()
        {
            Id = "clock-bound-share", Value = 0, Low = 0, High = 0, Unit = "1", Samples = Clocks.Count,
            Source = "clock queries of " + string.Join(", ", Clocks.Select(clock => clock.Kit)),
        };
        if (KnownBoundNs is not { } boundNs)
        {
            string kits = string.Join(", ", Clocks.Where(clock => clock.BoundNs is null).Select(clock => clock.Kit));
            return kpi with
            {
                NotUsable = new($"套件 {kits} 的时钟误差上界未知，只可使用往返时延",
                    $"the clock bound of {kits} is not known: round trips only"),
                NotUsableVerdict = Verdict.Inconclusive,
            };
        }
        decimal share = boundNs / 1_000_000m / limitMs;
        LocalText finding = IsOneClock
            ? new("所有套件共用一个时钟（启动标识相同）", "all kits share one clock (same boot id)")
            : new($"两套件时钟之差不超过 {boundNs / 1000} µs，所服务的限值 {limitMs} ms",
                $"two kits' clocks are at most {boundNs / 1000} us apart; the limit served is {limitMs} ms");
        return kpi with { Value = share, Low = share, High = share, Findings = [finding] };
    }

    // A one-way figure serves the claimed transit delay; without one the proof of the path is within the round trip.
    private static decimal SmallestLimitMs(Claim claim)
    {
        decimal[] oneWay = Figures(claim, "upfMsP99");
        decimal[] limits = oneWay.Length > 0 ? oneWay : Figures(claim, "rttMsP99");
        return limits.Append(20m).Where(limit => limit > 0).Min(); // 20 ms: the profile's floor of SCN-LAT-001.
    }

    private static decimal[] Figures(Claim claim, string key) =>
        [.. claim.Scenarios.Where(each => each.Figures.ContainsKey(key)).Select(each => each.Figures[key])];

    private static ReportClock Read(AgentFacts agent)
    {
        string source = "none", clockSource = "";
        long? boundNs = null;
        try
        {
            using JsonDocument json = JsonDocument.Parse(agent.ClockJson);
            foreach (JsonProperty member in json.RootElement.EnumerateObject())
            {
                if (member.NameEquals("source")) source = member.Value.GetString() ?? source;
                if (member.NameEquals("clockSource")) clockSource = member.Value.GetString() ?? clockSource;
                if (member.NameEquals("boundNs") && member.Value.ValueKind == JsonValueKind.Number
                    && member.Value.TryGetInt64(out long bound) && bound >= 0)
                    boundNs = bound;
            }
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // An agent that says nothing readable of its clock has an unknown bound.
            (source, boundNs) = ("none", null);
        }
        return new(agent.Kit, source, boundNs, agent.BootId, clockSource);
    }
}
