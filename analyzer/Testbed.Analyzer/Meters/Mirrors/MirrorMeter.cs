using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Profiles;
using Testbed.Conformance;

namespace Testbed.Analyzer.Meters.Mirrors;

/// <summary>KIT-003: both directions of at least one UE's traffic pass each tap.</summary>
internal sealed class MirrorMeter : IMeter
{
    private const string Id = "mirror-directions-missing";
    private const string Source = "mirror-meter";

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        foreach (TapCapture tap in context.Taps)
        {
            (int up, int down, bool both) = Gather(tap.Profile);
            string? evidence = tap.Profile.FirstUsed.Frame == 0 ? null : tap.Evidence(tap.Profile.FirstUsed);
            // Whether the edge is used at all is EDG-001's matter; a central N6 without traffic is a dead mirror.
            if (up + down == 0 && tap.IsEdge) continue;
            if (up + down == 0)
            {
                output.Kpis.Add(Figures.Nothing(Id, Source, new(
                    $"{tap.Name} 上没有终端流量，无法判断镜像方向",
                    $"no UE traffic at {tap.Name}, so its directions cannot be judged")) with { Scope = tap.Name });
                continue;
            }
            if (!both && tap.IsEdge && LacksNothing(context, tap)) continue;
            // Each direction may be there, and yet never both of one UE: then one of them belongs to another mirror.
            int missing = both ? 0 : 1;
            output.Kpis.Add(Figures.Exact(Id, missing, up + down, Source) with
            {
                Scope = tap.Name,
                Evidence = evidence is null ? [] : [evidence],
                Findings = both ? [] : [Finding(tap.Name, up, down)],
            });
        }
    }

    // What a network moved to the edge may be answered by nobody, as N3 then shows, or by way of another N6: no mirror
    // lacks these answers.
    private static bool LacksNothing(AnalysisContext context, TapCapture edge)
    {
        HashSet<FlowKey> onN3 = [.. context.Taps.Where(tap => tap.Role is TapRole.N3).SelectMany(Used)];
        HashSet<FlowKey> elsewhere =
            [.. context.Taps.Where(tap => tap != edge && tap.Role is TapRole.N6).SelectMany(Used)];
        return Used(edge).All(flow =>
        {
            FlowKey back = new(
                flow.Destination, flow.Source, flow.DestinationPort, flow.SourcePort, flow.Protocol);
            return elsewhere.Contains(back) || (onN3.Contains(flow) && !onN3.Contains(back));
        });
    }

    private static IEnumerable<FlowKey> Used(TapCapture tap) => Enumerable.Range(0, tap.Decoder.Flows.Count)
        .Where(flow => tap.Decoder.Flows.NoteOf(flow).Seen != 0).Select(flow => tap.Decoder.Flows[flow]);

    private static LocalText Finding(string tap, int up, int down) => down == 0
        ? new($"{tap} 只有上行", $"{tap} carries uplink only")
        : up == 0 ? new($"{tap} 只有下行", $"{tap} carries downlink only")
        : new($"{tap} 上没有任何终端的双向流量", $"no UE has both directions at {tap}");

    // Addresses at the UE's end of each direction; translated ones serve as well. A tap of both sides sees most UEs
    // twice, and each counts once.
    private static (int Up, int Down, bool Both) Gather(TapProfile profile)
    {
        int up = 0, down = 0;
        bool both = false;
        for (int i = 0; i < profile.UesOnN3.Count; i++)
            Add(profile.UesOnN3[i].Seen, Twin(profile.UesOnN6, profile.UesOnN3.Address(i)));
        for (int i = 0; i < profile.UesOnN6.Count; i++)
            if (profile.UesOnN3.Count == 0 || !profile.UesOnN3.Contains(profile.UesOnN6.Address(i)))
                Add(profile.UesOnN6[i].Seen, 0);
        return (up, down, both);

        void Add(int seen, int twin)
        {
            bool isUp = ((seen | twin) & (int)PacketDirection.Uplink) != 0;
            bool isDown = ((seen | twin) & (int)PacketDirection.Downlink) != 0;
            up += isUp ? 1 : 0;
            down += isDown ? 1 : 0;
            both |= isUp && isDown;
        }
    }

    private static byte Twin(AddressTable others, Wire.Ip.HostAddress address) =>
        others.Count > 0 && others.Contains(address) ? others[others.Intern(address)].Seen : (byte)0;
}
