using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Signalling;
using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Security;

/// <summary>
/// SEC-002: the core's addresses that the claim names and those that N4 and N2 show are among the ones that were
/// scanned, and N3 shows that the scan went to each of them. A claim that leaves the real ones out would else be
/// scanned where nobody lives, and a kit that routes the scan past the network, or a filter before it, would make any
/// core look unreachable.
/// </summary>
internal sealed class CoreCoverageMeter : IMeter
{
    private const string Id = "core-addresses-not-scanned";
    private const string Source = "core-coverage-meter";

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (context.Request.Run?.CoreScan is not { } scan) return;
        HashSet<HostAddress> planned = [.. scan.Targets.Select(HostAddress.From)];
        HashSet<HostAddress> claimed = Claimed(context.Request.Claim);
        SortedDictionary<HostAddress, string> seen = Speakers(context);
        HostAddress[] left = [.. claimed.Where(address => !planned.Contains(address)).Order()];
        HostAddress[] unknown =
            [.. seen.Keys.Where(address => !planned.Contains(address) && !claimed.Contains(address))];
        HostAddress[] ues = [.. scan.Ues.Select(HostAddress.From).Distinct()];
        Dictionary<HostAddress, HashSet<HostAddress>> tried = Tried(context, [.. ues], planned);
        HostAddress[] untried = [.. planned.Where(address =>
            tried.Values.Any(reached => !reached.Contains(address))).Order()];
        KpiResult result = Figures.Exact(
            Id, left.Length + unknown.Length + untried.Length,
            planned.Union(claimed).Union(seen.Keys).Count(), Source) with
        {
            Evidence = [.. unknown.Take(Figures.EvidenceMax).Select(address => seen[address])],
            Findings =
            [
                .. unknown.Take(Figures.EvidenceMax).Select(address => new LocalText(
                    $"{address} 出现在控制面上，但申报的核心网地址中没有它，因此未扫描",
                    $"{address} speaks on the control plane and was not scanned, as the claim does not name it")),
                .. left.Take(Figures.EvidenceMax).Select(address => address.IsIpv4
                    ? new LocalText($"申报的 {address} 未扫描", $"{address} of the claim was not scanned")
                    : new($"申报的 {address} 未扫描：本版本仅从终端扫描 IPv4 地址，请另行检验",
                        $"{address} of the claim was not scanned: this version scans IPv4, so examine it apart")),
                .. untried.Take(Figures.EvidenceMax).Select(address => new LocalText(
                    $"N3 上没有终端发往 {address} 的扫描报文：它们没有进入被测网络",
                    $"N3 shows no packet of the scan to {address}: it did not reach the network under test")),
            ],
        };
        HostAddress[] hidden = [.. ues.Where(ue => !tried.ContainsKey(ue))];
        output.Kpis.Add(hidden.Length == 0 || !context.HasN3 || result.Value > 0 ? result
            : Hidden(result, context, hidden[0]));
    }

    /// <summary>What the claim names; of IPv6 only where its UEs have any.</summary>
    private static HashSet<HostAddress> Claimed(Claim? claim)
    {
        if (claim is null) return [];
        bool hasIpv6 = claim.Slices.SelectMany(slice => slice.UePools)
            .Any(pool => !HostAddress.From(pool.BaseAddress).IsIpv4);
        return [.. claim.Network.InnerAddresses.Select(HostAddress.From)
            .Where(address => hasIpv6 || address.IsIpv4)];
    }

    /// <summary>Where N3 shows nothing of a scanning UE, nothing tells a good UPF from a filter before it.</summary>
    private static KpiResult Hidden(KpiResult result, AnalysisContext context, HostAddress ue)
    {
        bool isEncrypted = context.Taps.Any(tap => tap.Role is not TapRole.N6 && tap.Tally.Esp > 0);
        return result with
        {
            NotUsable = isEncrypted
                ? new("N3 已加密（ESP），无法证明扫描报文到达了被测网络",
                    "N3 is encrypted (ESP), so nothing shows that the scan reached the network")
                : new($"N3 上未见到终端 {ue} 的任何报文，无法证明扫描到达了被测网络；请采集其 UPF 的 N3",
                    $"N3 shows no packet of UE {ue}, so nothing shows that its scan reached the network; tap N3 of its "
                        + "UPF"),
            NotUsableVerdict = isEncrypted ? Verdict.NotMeasurable : Verdict.Inconclusive,
        };
    }

    /// <summary>Whoever speaks on N4 and N2, each with one frame of it.</summary>
    private static SortedDictionary<HostAddress, string> Speakers(AnalysisContext context)
    {
        SortedDictionary<HostAddress, string> seen = [];
        foreach (CapturedPfcp message in context.ControlPlane.PfcpMessages)
        {
            seen.TryAdd(message.Source, message.Evidence);
            seen.TryAdd(message.Destination, message.Evidence);
        }
        foreach (CapturedNgap message in context.ControlPlane.NgapMessages)
        {
            seen.TryAdd(message.Source.Address, message.Evidence);
            seen.TryAdd(message.Destination.Address, message.Evidence);
        }
        return seen;
    }

    /// <summary>The targets to which N3 shows packets of each scanning UE; a UE that it hides is not there.</summary>
    private static Dictionary<HostAddress, HashSet<HostAddress>> Tried(
        AnalysisContext context, HashSet<HostAddress> ues, HashSet<HostAddress> targets)
    {
        Dictionary<HostAddress, HashSet<HostAddress>> tried = [];
        foreach (TapCapture tap in context.Taps)
        {
            bool[] ofUe = [.. Enumerable.Range(0, tap.Decoder.Flows.Count)
                .Select(flow => ues.Contains(tap.Decoder.Flows[flow].Source))];
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Kind is not (RecordKind.Gpdu or RecordKind.Trial) || record.Tunnel < 0 || record.Flow < 0
                    || !ofUe[record.Flow]) continue;
                HostAddress from = tap.Flow(record).Source, to = tap.Flow(record).Destination;
                if (!tried.TryGetValue(from, out HashSet<HostAddress>? reached)) tried[from] = reached = [];
                if (targets.Contains(to)) reached.Add(to);
            }
        }
        return tried;
    }
}
