using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning;

/// <summary>One capture a tap, from before the first test to after the last.</summary>
internal static class CapturePlanner
{
    /// <summary>
    /// Ethernet with VLAN (18), IPv6 (40), UDP (8), GTP-U with options and container (16), inner IPv6 (40), UDP (8),
    /// and the 112 bytes of an authenticated STAMP packet (RFC 8762 §4.2.2): 242, rounded up. No user content
    /// beyond that is kept unless the claim consents to full capture.
    /// </summary>
    private const int HeaderSnapLength = 256;
    private const int WholeSnapLength = 65_535;

    public static void Plan(PlanDraft draft)
    {
        foreach (Tap tap in draft.Claim.Taps)
        {
            // Signalling on N4 and N2 is of no use when cut.
            bool isWhole = tap.Point is "n4" or "n2" || draft.Consents("full-capture");
            draft.Captures.Add(draft.Task("capture", tap.Kit, 0,
                ("interface", tap.Interface), ("point", tap.Point), ("slices", string.Join(',', tap.Slices)),
                ("filter", ""), ("snapLength", isWhole ? WholeSnapLength : HeaderSnapLength)));
        }
        if (draft.Captures.Count == 0)
            draft.Omit("capture", "声明没有采集点", "the claim names no tap", "E2E-001", "E2E-003", "E2E-004");
    }
}
