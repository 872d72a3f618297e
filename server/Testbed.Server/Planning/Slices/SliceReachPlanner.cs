using System.Net;
using System.Net.Sockets;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Slices;

/// <summary>
/// Tries from each slice's UE to the UEs and the data network of each other slice, by IPv4 and by IPv6: a scan.
/// </summary>
internal static class SliceReachPlanner
{
    private const string Requirement = "SLC-003";
    /// <summary>The catalogue asks for 1,000; a few may be lost before N3.</summary>
    private const int Tries = 1_500;
    private const int RatePps = 1_000;
    /// <summary>
    /// Addresses of UEs beside the endpoint's own: the first of the pool and some that the nonce draws.
    /// </summary>
    private const int PoolAddresses = 4;
    /// <summary>Beyond what a STAMP session can be: whoever answers the run's STAMP has no key for these.</summary>
    private const int FirstSession = 100_001;
    private static readonly AddressFamily[] Families = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants(Requirement)) return;
        Slice[] slices = [.. draft.Claim.Slices.Where(slice =>
            draft.Ue(slice.Name) is not null && draft.FarEnd("dn", slice.Name) is not null)];
        if (slices.Length < 2)
        {
            draft.Omit("slice-reach", "具有终端与数据网络端点的切片不足两个",
                "fewer than two slices have a ue and a dn endpoint", Requirement);
            return;
        }
        if (!draft.Consents("scan"))
        {
            draft.Omit("slice-reach", "声明未同意扫描（consent: scan）", "the claim gives no consent to scan (consent: scan)",
                Requirement);
            return;
        }
        List<PlanTask> tests = [];
        foreach (Slice from in slices)
            foreach (AddressFamily family in Families)
                tests.AddRange(Tests(draft, from, family, FirstSession + tests.Count));
        if (tests.Count == 0) return;
        // What goes nowhere is what an isolated network makes of these packets, and no loss.
        draft.Phases.Add(new("slice-reach", new("切片间可达性", "reach between slices"),
            Tries * 11 / 10 / RatePps + 3, true, [], tests));
    }

    /// <summary>Both ends of the sender's own path: its control packets show that it can send at all.</summary>
    private sealed record OwnPath(TestEndpoint Ue, TestEndpoint Far);

    private static List<PlanTask> Tests(PlanDraft draft, Slice from, AddressFamily family, int session)
    {
        List<PlanTask> tests = [];
        OwnPath? path = draft.Ue(from.Name, family) is { } ue && draft.FarEnd("dn", from.Name, family) is { } far
            ? new(ue, far) : null;
        // UEs of a slice without such a pool have no address to send from.
        if (path is null && !from.UePools.Any(pool => pool.BaseAddress.AddressFamily == family)) return tests;
        // A slice where no test endpoint stands can be reached all the same: by the addresses of its pools.
        foreach (Slice to in draft.Claim.Slices.Where(slice => slice != from))
        {
            if (Targets(draft, path, to, family) is not { Length: > 0 } targets) continue;
            if (path is not null) tests.Add(Try(draft, from, to, path, targets, session++));
            else
            {
                string ip = family is AddressFamily.InterNetwork ? "IPv4" : "IPv6";
                draft.Omit($"slice-reach {from.Name} {ip}",
                    $"切片 {from.Name} 有 {ip} 地址池，但没有 {ip} 的终端与数据网络端点，无法以 {ip} 向其他切片探测；请在申报中补全",
                    $"slice {from.Name} has a pool of {ip} and no ue and dn endpoint with {ip}, so nothing tries other "
                        + $"slices by {ip}: complete the claim", Requirement);
                return tests;
            }
        }
        return tests;
    }

    // A data network that both slices have for their own is no stranger's.
    private static IPAddress[] Targets(PlanDraft draft, OwnPath? path, Slice to, AddressFamily family) =>
    [
        .. new[] { draft.Ue(to.Name, family)?.Address, draft.FarEnd("dn", to.Name, family)?.Address }
            .OfType<IPAddress>()
            .Concat(to.UePools.Where(pool => pool.BaseAddress.AddressFamily == family)
                .SelectMany(pool => Drawn(draft, pool)))
            .Where(address => !address.Equals(path?.Far.Address)).Distinct(),
    ];

    private static PlanTask Try(
        PlanDraft draft, Slice from, Slice to, OwnPath path, IPAddress[] targets, int session)
    {
        TestEndpoint ue = path.Ue;
        int seconds = Tries * 11 / 10 / RatePps + 2;
        return draft.Task("slice-reach", ue.Kit, seconds,
            ("localAddress", ue.Address), ("localPort", draft.Ports.Next()), ("slice", from.Name),
            ("interface", ue.Interface ?? ""),
            ("targetSlice", to.Name), ("targets", string.Join(',', targets.Select(each => each.ToString()))),
            ("ownAddress", path.Far.Address), ("port", draft.Ports.Next()),
            ("session", session), ("tries", Tries), ("ratePps", RatePps));
    }

    private static IEnumerable<IPAddress> Drawn(PlanDraft draft, IPNetwork pool)
    {
        byte[] bytes = pool.BaseAddress.GetAddressBytes();
        int hostBits = bytes.Length * 8 - pool.PrefixLength;
        if (hostBits < 2) yield break;
        for (int i = 0; i < PoolAddresses; i++)
        {
            // The draw of ports is what the nonce gives; its numbers serve as well for the last 16 bits.
            int host = i == 0 ? 1 : draft.Ports.Next() & ((1 << Math.Min(hostBits, 16)) - 1);
            byte[] address = [.. bytes];
            address[^1] |= (byte)host;
            address[^2] |= (byte)(host >> 8);
            yield return new(address);
        }
    }
}
