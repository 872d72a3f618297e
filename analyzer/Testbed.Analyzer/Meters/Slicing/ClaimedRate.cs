using Testbed.Conformance;
using Testbed.Conformance.Claims;

namespace Testbed.Analyzer.Meters.Slicing;

/// <summary>
/// A rate of the claim in one direction. Each has to be loaded before SLC-005 may say that rates hold: one slice's
/// uplink says nothing of another's downlink.
/// </summary>
/// <param name="Part"><c>ambr</c>, <c>mfbr</c> or <c>gfbr</c>.</param>
/// <param name="Qfi">Null for the session AMBR.</param>
internal sealed record ClaimedRate(string Slice, string Direction, string Part, int? Qfi, decimal Mbps)
{
    private static readonly string[] Directions = ["uplink", "downlink"];

    public bool IsUplink => Direction == "uplink";

    /// <summary>Flows that are there on demand alone are EXP-004's and EXP-008's.</summary>
    public static IEnumerable<ClaimedRate> Of(Claim claim)
    {
        foreach (Slice slice in claim.Slices)
        {
            if (slice.AmbrUlMbps is > 0 and var up) yield return new(slice.Name, "uplink", "ambr", null, up);
            if (slice.AmbrDlMbps is > 0 and var down) yield return new(slice.Name, "downlink", "ambr", null, down);
            foreach (QosFlow flow in slice.Flows.Where(flow => !flow.IsOnDemand))
                foreach (string direction in Directions)
                {
                    if (flow.MfbrMbps is > 0 and var most)
                        yield return new(slice.Name, direction, "mfbr", flow.Qfi, most);
                    if (flow.GfbrMbps is > 0 and var least)
                        yield return new(slice.Name, direction, "gfbr", flow.Qfi, least);
                }
        }
    }

    /// <summary>
    /// A flow that keeps its MFBR beside the overload of its slice keeps its GFBR, which is no more; what passes while
    /// nobody else wants the link is no guarantee.
    /// </summary>
    /// <param name="isBesideOverload">Whether the slice's other traffic was in overload meanwhile.</param>
    public bool IsCoveredBy(LoadContext load, Func<LoadContext, bool> isBesideOverload) =>
        load.Slice == Slice && load.Direction == Direction
        && (Qfi is null ? load.Part == "ambr"
            : load.Qfi == Qfi
                && (load.Part == Part || (Part == "gfbr" && load.Part == "mfbr" && isBesideOverload(load))));

    public LocalText NotLoaded
    {
        get
        {
            string limit = Part == "ambr" ? "AMBR" : Part.ToUpperInvariant();
            string flow = Qfi is { } qfi ? $"QFI {qfi} " : "";
            (string zh, string en) = Part != "gfbr" ? ("", "") : (
                "（须在该切片其他业务过载时加载：请申报其 sessionAmbrMbps，且 limits.mbps 容得下两者）",
                " beside an overload of its other traffic: claim its sessionAmbrMbps, and a limits.mbps with room for "
                    + "both");
            return new(
                $"切片 {Slice} 申报的{(IsUplink ? "上行" : "下行")} {flow}{limit} {Mbps:0.###} Mbit/s 未被加载，"
                    + $"无从判定{zh}",
                $"nothing loaded the {Direction} {flow}{limit} of {Mbps:0.###} Mbit/s that slice {Slice} claims{en}");
        }
    }
}
