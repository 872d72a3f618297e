using Testbed.Conformance;
using Testbed.Conformance.Claims;

namespace Testbed.Analyzer.Meters.Security;

/// <summary>What a trial is about, in words, and whether the claim lets its packets through.</summary>
internal sealed record TrialSubject(string Kpi, LocalText Name, bool IsAllowed)
{
    private static readonly LocalText Allowed = new("申报为允许", "the claim allows them");
    private static readonly LocalText Blocked = new("应予阻断", "they are to be stopped");

    public static TrialSubject Of(TrialKind kind, Claim? claim) => kind switch
    {
        TrialKind.SpoofedSource => new(
            "spoofed-packets-passed", new("伪造源地址的报文", "packets with a spoofed source"), false),
        TrialKind.NestedTunnel => new(
            "nested-packets-passed", new("嵌套的 G-PDU", "nested G-PDUs"), false),
        TrialKind.UeToUe => new(
            "ue-to-ue-mismatches", new("终端之间的报文", "packets between two UEs"),
            claim?.Network.UeToUe is ClaimWords.Allowed),
        _ => new(
            "unsolicited-downlink-mismatches", new("未经请求的下行报文", "unsolicited downlink packets"),
            claim?.Network.UnsolicitedDownlink is ClaimWords.Allowed),
    };

    public LocalText Say(int passed, int entered)
    {
        LocalText rule = IsAllowed ? Allowed : Blocked;
        return new($"{entered} 个{Name.Zh}中有 {passed} 个通过；{rule.Zh}",
            $"{passed} of {entered} {Name.En} came through; {rule.En}");
    }
}
