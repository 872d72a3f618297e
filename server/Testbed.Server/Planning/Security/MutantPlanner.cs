using System.Net;

namespace Testbed.Server.Planning.Security;

/// <summary>
/// SEC-008: malformed GTP-U to every claimed UPF, with a UE's ordinary packets beside it and after it. It comes after
/// everything else: a UPF that it brings down has then shown all that it can do.
/// </summary>
internal static class MutantPlanner
{
    private const string Requirement = "SEC-008";
    private static readonly string[] Consents = ["malformed", "n3-active"];
    /// <summary>What the catalogue asks for, and a little more, to each UPF address.</summary>
    private const int QuickCount = 10_500, FullCount = 100_000;
    private const int RatePps = 5_000;
    /// <summary>Outer headers and the longest mutant, bytes.</summary>
    private const int BytesMax = 28 + 512;
    private const int EchoSeconds = 2;
    private const int DuringRatePps = 50, AfterCount = 200, AfterRatePps = 50;
    /// <summary>A UPF heartbeat within a quick plan's last phase; PFCP leaves the period to the operator.</summary>
    private const int QuickAfterSeconds = 6, FullAfterSeconds = 65;

    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants(Requirement)) return;
        if (Consents.Where(word => !draft.Consents(word)).ToArray() is { Length: > 0 } lacking)
        {
            string words = string.Join(", ", lacking);
            draft.Omit("gtpu-mutants", $"声明未同意发送畸形报文（consent: {words}）",
                $"the claim gives no consent to malformed messages (consent: {words})", Requirement);
            return;
        }
        IPAddress[] upfs = [.. draft.Claim.Network.Upfs.SelectMany(upf => upf.N3)];
        (string Kit, IPAddress Local)? place = draft.Claim.Taps.Where(tap => tap.Point == "n3")
            .Select(tap => (tap.Kit, Local: draft.Kits.Near(tap.Kit, upfs[0])))
            .Where(each => each.Local is not null).Select(each => ((string, IPAddress)?)(each.Kit, each.Local!))
            .FirstOrDefault();
        if (place is not var (kit, local))
        {
            draft.Omit("gtpu-mutants", "没有套件在N3网段上有地址", "no kit has an address on the N3 network", Requirement);
            return;
        }
        IReadOnlyList<TrialPath> paths = TrialPath.Each(draft, "gtpu-mutants", Requirement);
        if (paths.Count == 0) return;
        PlanMutants(draft, paths, kit, local, upfs);
        PlanAfter(draft, paths);
    }

    private static void PlanMutants(
        PlanDraft draft, IReadOnlyList<TrialPath> paths, string kit, IPAddress local, IPAddress[] upfs)
    {
        int count = draft.IsQuick ? QuickCount : FullCount;
        int rate = (int)Math.Clamp(draft.LimitMbps * 1_000_000 / (BytesMax * 8 * upfs.Length), 1, RatePps);
        int seconds = count / rate + 2 * EchoSeconds;
        TrialPhase phase = new(draft);
        phase.Test("gtpu-mutants", kit, seconds,
            ("localAddress", local), ("upfAddresses", string.Join(',', upfs.AsEnumerable())), ("count", count),
            ("ratePps", rate));
        foreach (TrialPath path in paths)
            phase.Control(path, path.Ue, Math.Min(seconds * DuringRatePps, 10_000), DuringRatePps,
                "forwarded-during-mutants-ratio");
        phase.Add("gtpu-mutants", new("畸形 GTP-U 报文", "malformed GTP-U"), seconds, isOverload: true);
    }

    // A UE that has no session yet makes N4 speak, where the kit may play one.
    private static void PlanAfter(PlanDraft draft, IReadOnlyList<TrialPath> paths)
    {
        int seconds = draft.IsQuick ? QuickAfterSeconds : FullAfterSeconds;
        TrialPhase phase = new(draft);
        foreach (TrialPath path in paths)
        {
            phase.Control(path, path.Ue, AfterCount * (draft.IsQuick ? 1 : 10), AfterRatePps,
                "forwarded-after-mutants-ratio");
            if (path.Ue.Emulated && phase.Neighbour(path) is { } fresh)
                phase.Control(path, fresh, seconds * AfterRatePps / 10, AfterRatePps / 10);
        }
        phase.Add("after-mutants", new("畸形报文之后", "after the malformed messages"), seconds, isOverload: true);
    }
}
