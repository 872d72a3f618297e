using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Decoding;

/// <summary>
/// Sets apart the packets of security tests, so that no other meter takes a spoofed address for a UE's or a packet that
/// the network rightly drops for a loss. They are known by ports drawn from the run's nonce, and by the pair of UE and
/// scanned address: an applicant can give nothing else these marks.
/// </summary>
internal static class TrialSeparator
{
    public static void SetApart(IEnumerable<TapCapture> taps, RunContext? run)
    {
        if (run is null or { Trials.Count: 0, CoreScan: null }) return;
        HashSet<int> ports = [.. run.Trials.SelectMany(trial => trial.Ports)];
        HashSet<HostAddress> ues = [.. (run.CoreScan?.Ues ?? []).Select(HostAddress.From)];
        HashSet<HostAddress> targets = [.. (run.CoreScan?.Targets ?? []).Select(HostAddress.From)];
        foreach (TapCapture tap in taps)
        {
            bool[] isTrial = new bool[tap.Decoder.Flows.Count];
            for (int i = 0; i < isTrial.Length; i++)
            {
                FlowKey flow = tap.Decoder.Flows[i];
                isTrial[i] = (flow.Protocol == IpProtocol.Udp
                        && (ports.Contains(flow.SourcePort) || ports.Contains(flow.DestinationPort)))
                    || (ues.Contains(flow.Source) && targets.Contains(flow.Destination))
                    || (ues.Contains(flow.Destination) && targets.Contains(flow.Source));
            }
            if (!isTrial.Contains(true)) continue;
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Kind is RecordKind.Gpdu or RecordKind.Plain && record.Flow >= 0 && isTrial[record.Flow])
                    record.Kind = RecordKind.Trial;
            }
        }
    }
}
