using System.Net;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Security;

/// <summary>
/// SEC-003 to SEC-006: a hundred and more packets of each kind, slowly, with ordinary packets of the same UE beside
/// them. The nested ones come in a phase of their own, as they name a tunnel that the first phase finds.
/// </summary>
internal static class TrialPlanner
{
    private const string Spoof = "SEC-003", Nested = "SEC-004", UeToUe = "SEC-005", Unsolicited = "SEC-006";
    private const int Controls = 100, ControlRatePps = 50;
    private const int Attempts = 120, AttemptRatePps = 100;
    /// <summary>The UE's session is up, and its tunnel in use, before anything is tried.</summary>
    private const int AttemptDelayMs = 600;
    private const int Seconds = 3;
    /// <summary>Documentation addresses (TEST-NET-2, RFC 5737): nobody's, and in no UE's pool.</summary>
    private const string NobodysPool = "198.51.100.0/24";

    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants(Spoof, Nested, UeToUe, Unsolicited)) return;
        bool spoofs = Allowed(draft, "spoof", [Spoof, Nested]), scans = Allowed(draft, "scan", [UeToUe, Unsolicited]);
        if (!spoofs && !scans) return;
        TrialPhase phase = new(draft), nested = new(draft);
        List<(TrialPath Path, PlanTask Watch)> watches = [];
        foreach (TrialPath path in TrialPath.Each(draft, "trial-sender", Spoof, Nested, UeToUe, Unsolicited))
        {
            if (spoofs && draft.Wants(Spoof)) PlanSpoof(draft, path, phase);
            if (scans && draft.Wants(UeToUe)) PlanUeToUe(draft, path, phase);
            if (scans && draft.Wants(Unsolicited)) PlanUnsolicited(path, phase);
            if (spoofs && draft.Wants(Nested) && Watch(draft, path, phase) is { } watch) watches.Add((path, watch));
        }
        if (!phase.IsEmpty) phase.Add("security-trials", new("安全试探", "security trials"), Seconds);
        foreach ((TrialPath path, PlanTask watch) in watches) PlanNested(draft, path, watch, nested);
        if (!nested.IsEmpty) nested.Add("nested-tunnel", new("隧道嵌套试探", "nested tunnel trial"), Seconds);
    }

    private static bool Allowed(PlanDraft draft, string consent, string[] requirements)
    {
        requirements = [.. requirements.Where(id => draft.Wants(id))];
        if (requirements.Length == 0) return false;
        if (draft.Consents(consent)) return true;
        (string zh, string en) = consent == "spoof" ? ("伪造报文", "spoof") : ("扫描", "scan");
        draft.Omit("trial-sender", $"声明未同意{zh}（consent: {consent}）",
            $"the claim gives no consent to {en} (consent: {consent})", requirements);
        return false;
    }

    private static void PlanSpoof(PlanDraft draft, TrialPath path, TrialPhase phase)
    {
        IEnumerable<IPNetwork> others =
            draft.Claim.Slices.Where(slice => slice != path.Slice).SelectMany(slice => slice.UePools);
        string[] pools = [.. path.Slice.UePools.Take(1).Concat(others.Take(1)).Where(TrialPhase.IsIpv4)
            .Select(pool => pool.ToString()), NobodysPool];
        phase.Try(path, "spoofed-source", path.Ue, path.Far.Address, phase.Listen(path.Far), Attempts, AttemptRatePps,
            AttemptDelayMs, phase.Control(path, path.Ue, Controls, ControlRatePps),
            ("pools", string.Join(',', pools)), ("interface", path.Ue.Interface ?? ""));
    }

    private static void PlanUeToUe(PlanDraft draft, TrialPath path, TrialPhase phase)
    {
        if (phase.Neighbour(path) is not { } other)
        {
            draft.Omit("trial-sender", $"切片 {path.Slice.Name} 需要第二个终端端点（或模拟终端）",
                $"a second ue endpoint of slice {path.Slice.Name}, or an emulated one, is needed", UeToUe);
            return;
        }
        int port = phase.Listen(other);
        phase.Try(path, "ue-to-ue", path.Ue, other.Address, port, Attempts, AttemptRatePps, AttemptDelayMs,
            phase.Control(path, other, Controls, ControlRatePps), ("interface", path.Ue.Interface ?? ""));
    }

    private static void PlanUnsolicited(TrialPath path, TrialPhase phase)
    {
        int control = phase.Control(path, path.Ue, Controls, ControlRatePps), port = phase.Listen(path.Ue);
        // From a port that the UE never spoke to: nothing that it sent lets these packets in.
        phase.Try(path, "unsolicited-downlink", path.Far, path.Ue.Address, port, Attempts, AttemptRatePps,
            AttemptDelayMs, control);
    }

    private static PlanTask? Watch(PlanDraft draft, TrialPath path, TrialPhase phase)
    {
        if (draft.Claim.Taps.FirstOrDefault(tap => tap.Point == "n3" && Serves(tap, path.Slice)) is not { } tap)
        {
            draft.Omit("n3-tunnel-watch", $"没有采集切片 {path.Slice.Name} 的 N3，找不到在用的隧道",
                $"no tap is on N3 of slice {path.Slice.Name}, so no tunnel in use can be found", Nested);
            return null;
        }
        phase.Control(path, path.Ue, Controls, ControlRatePps);
        return phase.Test("n3-tunnel-watch", tap.Kit, Seconds,
            ("interface", tap.Interface), ("ueAddress", path.Ue.Address), ("seconds", Seconds));
    }

    // A TEID means something only to the address that gave it out, which the watch tells with it: one of these.
    private static void PlanNested(PlanDraft draft, TrialPath path, PlanTask watch, TrialPhase phase) =>
        phase.Try(path, "nested-tunnel", path.Ue, path.Far.Address, phase.Listen(path.Far), Attempts, AttemptRatePps,
            AttemptDelayMs, phase.Control(path, path.Ue, Controls, ControlRatePps),
            ("upfAddresses", string.Join(',', draft.Claim.Network.Upfs.SelectMany(upf => upf.N3).Distinct())),
            ("tunnel", Runs.Traffic.TaskReferences.To(watch, "tunnel")));

    private static bool Serves(Tap tap, Slice slice) => tap.Slices.Count == 0 || tap.Slices.Contains(slice.Name);
}
