using System.Net;
using System.Numerics;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;

namespace Testbed.Server.Planning;

/// <summary>As many sessions as claimed, all with traffic within one window of 10 s.</summary>
internal static class DensityPlanner
{
    private const int Batch = 50;
    private const int SetupsPerSecond = 100;
    /// <summary>
    /// The window in which a tunnel must carry traffic to count as active, and a margin for its edges.
    /// </summary>
    private const int HoldSecondsQuick = 11;
    private const int HoldSecondsFull = 60;
    /// <summary>Fewer tries cannot show 99 % at 95 % confidence even when all succeed (Clopper–Pearson).</summary>
    private const int SessionsMin = 299;
    private static readonly string[] Requirements = ["SCN-DEN-001", "SCN-DEN-002"];

    public static void Plan(PlanDraft draft)
    {
        foreach (Scenario scenario in draft.Claim.Scenarios.Where(each => each.Type == "massive-connection"
            && (draft.Wants(Requirements) || draft.WantsProfileOf(each.Slice))))
            PlanScenario(draft, scenario);
    }

    private static void PlanScenario(PlanDraft draft, Scenario scenario)
    {
        if (draft.Ue(scenario.Slice) is not { } ue || draft.FarEnd(scenario.To, scenario.Slice) is not { } far)
        {
            draft.Omit("density-ramp", $"切片 {scenario.Slice} 缺少终端或{scenario.To}端点",
                $"slice {scenario.Slice} lacks a ue or {scenario.To} endpoint", Requirements);
            return;
        }
        int claimed = (int)scenario.Figures.GetValueOrDefault("concurrentSessions");
        int count = Math.Max(claimed, SessionsMin);
        if (Obstacle(draft, ue, claimed, count) is var (zh, en))
        {
            draft.Omit("density-ramp", zh, en, Requirements);
            return;
        }
        int port = draft.Ports.Next();
        int hold = draft.IsQuick ? HoldSecondsQuick : HoldSecondsFull;
        int seconds = (count + SetupsPerSecond - 1) / SetupsPerSecond + hold + 2;
        string path = PathScope.Of(scenario.Slice, scenario.To);
        draft.Phases.Add(new($"density-{scenario.Slice}{(scenario.To == "dn" ? "" : "-" + scenario.To)}",
            new($"大连接（{path}，{count} 个会话）", $"massive connection ({path}, {count} sessions)"),
            seconds, false,
            [draft.Task("density-responder", far.Kit, 0, ("address", far.Address), ("port", port))],
            [draft.Task("density-ramp", ue.Kit, seconds,
                ("firstAddress", ue.Address), ("count", count), ("batch", Batch),
                ("setupsPerSecond", SetupsPerSecond), ("remoteAddress", far.Address), ("port", port),
                ("slice", scenario.Slice), ("farEnd", scenario.To), ("holdSeconds", hold))]));
    }

    private static (string Zh, string En)? Obstacle(PlanDraft draft, TestEndpoint ue, int claimed, int count)
    {
        if (!draft.Consents("load"))
            return ("声明未同意施加负载（consent: load）", "the claim gives no consent to load (consent: load)");
        if (count > ProductLimits.Sessions)
            return ($"concurrentSessions={claimed} 超过一台套件所能模拟的 {ProductLimits.Sessions} 个会话",
                $"concurrentSessions={claimed} is more than the {ProductLimits.Sessions} that one kit plays");
        if (count > draft.LimitSessions)
            return ($"limits.sessions={draft.LimitSessions} 小于所需的 {count} 个会话",
                $"limits.sessions={draft.LimitSessions} is below the {count} sessions that it takes");
        IPAddress last = Add(ue.Address, count - 1);
        IReadOnlyList<IPNetwork> pools =
            draft.Claim.Slices.FirstOrDefault(slice => slice.Name == ue.Slice)?.UePools ?? [];
        if (!pools.Any(pool => pool.Contains(ue.Address) && pool.Contains(last)))
            return ($"{ue.Address} 起的 {count} 个地址超出声明的地址池",
                $"{count} addresses from {ue.Address} reach beyond the claimed pool");
        return claimed > 0 ? null : ("声明未给出 concurrentSessions", "the claim states no concurrentSessions");
    }

    private static IPAddress Add(IPAddress address, int offset)
    {
        byte[] bytes = address.GetAddressBytes();
        byte[] sum = (new BigInteger(bytes, isUnsigned: true, isBigEndian: true) + offset)
            .ToByteArray(isUnsigned: true, isBigEndian: true);
        if (sum.Length > bytes.Length) return IPAddress.None; // Beyond the last address: in no pool.
        sum.CopyTo(bytes.AsSpan(bytes.Length - sum.Length));
        return new(bytes);
    }
}
