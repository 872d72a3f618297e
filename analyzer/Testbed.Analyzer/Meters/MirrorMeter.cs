using Testbed.Analyzer.Decoding;
using Testbed.Conformance;

namespace Testbed.Analyzer.Meters;

/// <summary>KIT-003: both directions of at least one UE's traffic pass each tap.</summary>
internal sealed class MirrorMeter : IMeter
{
    private const string Id = "mirror-directions-missing";
    private const string Source = "mirror-meter";

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        foreach (TapCapture tap in context.Taps)
        {
            HashSet<Wire.Ip.HostAddress> up = [], down = [];
            string? evidence = null;
            Gather(tap, up, down, ref evidence);
            if (up.Count + down.Count == 0)
            {
                output.Kpis.Add(Figures.Nothing(Id, Source, new(
                    $"{tap.Name} 上没有终端流量，无法判断镜像方向",
                    $"no UE traffic at {tap.Name}, so its directions cannot be judged")) with { Scope = tap.Name });
                continue;
            }
            bool both = up.Overlaps(down);
            // Each direction may be there, and yet never both of one UE: then one of them belongs to another mirror.
            int missing = both ? 0 : 1;
            output.Kpis.Add(Figures.Exact(Id, missing, up.Count + down.Count, Source) with
            {
                Scope = tap.Name,
                Evidence = evidence is null ? [] : [evidence],
                Findings = both ? [] : [Finding(tap.Name, up.Count, down.Count)],
            });
        }
    }

    private static LocalText Finding(string tap, int up, int down) => down == 0
        ? new($"{tap} 只有上行", $"{tap} carries uplink only")
        : up == 0 ? new($"{tap} 只有下行", $"{tap} carries downlink only")
        : new($"{tap} 上没有任何终端的双向流量", $"no UE has both directions at {tap}");

    // Addresses at the UE's end of each direction; translated ones serve as well.
    private static void Gather(
        TapCapture tap, HashSet<Wire.Ip.HostAddress> up, HashSet<Wire.Ip.HostAddress> down, ref string? evidence)
    {
        byte[] seen = new byte[tap.Decoder.Flows.Count];
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.Kind is not (RecordKind.Gpdu or RecordKind.Plain) || record.Flow < 0
                || record.Direction is PacketDirection.Unknown || (seen[record.Flow] & (byte)record.Direction) != 0)
                continue;
            seen[record.Flow] |= (byte)record.Direction;
            evidence ??= tap.Evidence(record);
            Wire.Ip.HostAddress ue = AnalysisContext.UeOf(tap.Flow(record), record.Direction);
            (record.Direction is PacketDirection.Downlink ? down : up).Add(ue);
        }
    }
}
