using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Profiles;
using Testbed.Conformance;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Sessions;

/// <summary>E2E-008: UE addresses on N3 belong to the pools that the claim names.</summary>
internal sealed class UeAddressMeter : IMeter
{
    private const string Id = "stray-ue-addresses";
    private const string Source = "ue-address-meter";

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (!context.HasN3 || context.Request.Claim is null) return;
        Dictionary<HostAddress, string> seen = [];
        foreach (TapCapture tap in context.Taps) Gather(tap, seen);
        if (seen.Count == 0)
        {
            output.Kpis.Add(Figures.Nothing(Id, Source, new("N3 上没有终端地址", "no UE address on N3")));
            return;
        }
        List<HostAddress> stray = [.. seen.Keys.Where(address => !context.Roles.InPool(address)).Order()];
        output.Kpis.Add(Figures.Exact(Id, stray.Count, seen.Count, Source) with
        {
            Evidence = [.. stray.Take(Figures.EvidenceMax).Select(address => seen[address])],
            Findings = [.. stray.Take(Figures.EvidenceMax).Select(address => new LocalText(
                $"终端地址 {address} 不属于任何已申报的地址池", $"UE address {address} is in no claimed pool"))],
        });
    }

    // What a kit sends on N3 itself, such as E2E-005's unknown tunnels, is of another kind and not among these.
    private static void Gather(TapCapture tap, Dictionary<HostAddress, string> seen)
    {
        AddressTable ues = tap.Profile.UesOnN3;
        for (int i = 0; i < ues.Count; i++)
            if (!IsOfTheLink(ues.Address(i))) seen.TryAdd(ues.Address(i), tap.Evidence(ues[i].First));
    }

    // Unspecified, link-local and multicast addresses serve address configuration and belong to no pool
    // (RFC 4291 §2.5.2, §2.5.6, §2.7; RFC 3927; RFC 5771).
    private static bool IsOfTheLink(HostAddress address) => address.IsIpv4
        ? address.Ipv4Bits == 0 || address.Ipv4Bits >> 16 == 0xA9FE || address.Ipv4Bits >> 28 == 0xE
        : address.IsNone || address.High >> 54 == 0x3FA || address.High >> 56 == 0xFF;
}
