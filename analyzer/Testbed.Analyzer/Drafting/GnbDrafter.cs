using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Meters;
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
            n3.RemoveAll(address => !known.Add(address));
            if (n3.Count == 0) continue;
            gnbs.Add(new(
                ClaimDrafter.Unused(ClaimDrafter.Fit(NameOf(node.Key, context)) ?? $"gnb{gnbs.Count + 1}", names),
                "ngap", Texts(n3), [node.Key.Address.ToString()]));
        }
        foreach (HostAddress address in context.Roles.GnbN3.Order())
        {
            // The control plane may speak of nodes whose traffic passes elsewhere; a tunnel shows who is here.
            bool isOnN3 = uses.Exists(use => use.Destination == address || use.Sender == address);
            if (!known.Add(address) || (!isOnN3 && uses.Count > 0)) continue;
            bool isOnN4 = context.ControlPlane.Sessions.All.Any(
                session => session.DownlinkEnds.Any(end => end.Address == address));
            gnbs.Add(new(ClaimDrafter.Unused($"gnb{gnbs.Count + 1}", names), isOnN4 ? "pfcp" : "n3",
                [address.ToString()], []));
        }
        return gnbs;
    }

    private static string? NameOf(ControlPeer node, AnalysisContext context) => context.ControlPlane.NgapMessages
        .Where(captured => captured.Source == node && captured.Message.Procedure is NgapProcedure.NgSetup)
        .Select(captured => captured.Message.RanNodeName).LastOrDefault();

    internal static List<string> Texts(IEnumerable<HostAddress> addresses) =>
        [.. addresses.Select(address => address.ToString())];
}
