using System.Net;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Profiles;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters;

/// <summary>Flows that the run's kits sent themselves, from ports that were drawn from its nonce.</summary>
internal static class OwnFlows
{
    private readonly record struct Path(HostAddress Ue, HostAddress Remote, ushort RemotePort);

    /// <summary>Whether some tunnel on N3 carried packets of one of them.</summary>
    public static bool OnN3(AnalysisContext context, RunContext run)
    {
        HashSet<Path> own = Of(run);
        foreach (TapCapture tap in context.Taps)
        {
            if (tap.Role is TapRole.N6 || tap.Profile.Traffic is not { } traffic) continue;
            foreach (TunnelTraffic.Use use in traffic.Uses)
            {
                if (use.Flow < 0) continue;
                FlowKey flow = tap.Decoder.Flows[use.Flow];
                if (own.Contains(new(flow.Source, flow.Destination, flow.DestinationPort))
                    || own.Contains(new(flow.Destination, flow.Source, flow.SourcePort))) return true;
            }
        }
        return false;
    }

    private static HashSet<Path> Of(RunContext run)
    {
        HashSet<Path> own = [];
        foreach (StampSessionContext each in run.StampSessions.Concat(run.OtherStampSessions)
            .Concat(run.EdgePaths.SelectMany(path => new[] { path.Edge, path.Centre })))
            Add(each.UeAddress, each.RemoteAddress, each.RemotePort);
        foreach (CapacityFlowContext each in run.CapacityFlows)
            Add(each.UeAddress, each.RemoteAddress, each.RemotePort);
        foreach (LoadContext each in run.Loads) Add(each.UeAddress, each.RemoteAddress, each.RemotePort);
        return own;

        void Add(IPAddress ue, IPAddress remote, int port) =>
            own.Add(new(HostAddress.From(ue), HostAddress.From(remote), (ushort)port));
    }
}
