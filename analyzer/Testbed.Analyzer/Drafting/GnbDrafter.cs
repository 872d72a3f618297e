using Testbed.Analyzer.Decoding.Signalling;
using Testbed.Analyzer.Meters.Sessions;
using Testbed.Wire.Ip;
using Testbed.Wire.Ngap;

namespace Testbed.Analyzer.Drafting;

/// <summary>Finds radio nodes: N2 tells names and ends, N4 ends alone, N3 addresses alone.</summary>
internal static class GnbDrafter
{
    public static List<DraftGnb> Draft(AnalysisContext context, List<TunnelUse> uses)
    {
        List<DraftGnb> gnbs = [];
        HashSet<string> names = [];
        HashSet<HostAddress> known = [];
        foreach (IGrouping<ControlPeer, NgapSession> node in context.ControlPlane.NgapSessions.All
            .GroupBy(session => session.RanNode).OrderBy(node => node.Key))
        {
            List<HostAddress> n3 =
                [.. node.SelectMany(session => session.DownlinkEnds).Select(end => end.Address).Distinct().Order()];
            // In a claim an address of N3 belongs to one element, and a UPF's is a UPF's.
            n3.RemoveAll(address => context.Roles.UpfN3.Contains(address) || !known.Add(address));
            if (n3.Count == 0) continue;
            gnbs.Add(new(
                ClaimDrafter.Unused(ClaimDrafter.Fit(NameOf(node.Key, context)) ?? $"gnb{gnbs.Count + 1}", names),
                "ngap", Texts(n3), [node.Key.Address.ToString()]));
        }
        HashSet<HostAddress> onN3 = OnN3(uses);
        HashSet<HostAddress> onN4 =
        [
            .. context.ControlPlane.Sessions.All.SelectMany(session => session.DownlinkEnds)
                .Select(end => end.Address),
        ];
        foreach (HostAddress address in context.Roles.GnbN3.Order())
        {
            // The control plane may speak of nodes whose traffic passes elsewhere; a tunnel shows who is here.
            if (!known.Add(address) || (uses.Count > 0 && !onN3.Contains(address))) continue;
            gnbs.Add(new(ClaimDrafter.Unused($"gnb{gnbs.Count + 1}", names), onN4.Contains(address) ? "pfcp" : "n3",
                [address.ToString()], []));
        }
        return gnbs;
    }

    private static string? NameOf(ControlPeer node, AnalysisContext context) => context.ControlPlane.NgapMessages
        .Where(captured => captured.Source == node && captured.Message.Procedure is NgapProcedure.NgSetup)
        .Select(captured => captured.Message.RanNodeName).LastOrDefault();

    /// <summary>Both ends of all tunnels that were used.</summary>
    internal static HashSet<HostAddress> OnN3(List<TunnelUse> uses) =>
        [.. uses.SelectMany(use => (HostAddress[])[use.Destination, use.Sender])];

    internal static List<string> Texts(IEnumerable<HostAddress> addresses) =>
        [.. addresses.Select(address => address.ToString())];
}
