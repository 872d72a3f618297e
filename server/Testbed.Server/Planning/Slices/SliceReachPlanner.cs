using System.Net;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Slices;

/// <summary>Tries from each slice's UE to the UEs and the data network of each other slice: a scan.</summary>
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
        int session = FirstSession;
        // A slice where no test endpoint stands can be reached all the same: by the addresses of its pools.
        foreach (Slice from in slices)
            foreach (Slice to in draft.Claim.Slices.Where(slice => slice != from))
                if (Targets(draft, from, to) is { Length: > 0 } targets)
                    tests.Add(Try(draft, from, to, targets, session++));
        // What goes nowhere is what an isolated network makes of these packets, and no loss.
        draft.Phases.Add(new("slice-reach", new("切片间可达性", "reach between slices"),
            Tries * 11 / 10 / RatePps + 3, true, [], tests));
    }

    // A data network that both slices have for their own is no stranger's.
    private static IPAddress[] Targets(PlanDraft draft, Slice from, Slice to)
    {
        IPAddress ue = draft.Ue(from.Name)!.Address, own = draft.FarEnd("dn", from.Name)!.Address;
        return
        [
            .. new[] { draft.Ue(to.Name)?.Address, draft.FarEnd("dn", to.Name)?.Address }.OfType<IPAddress>()
                .Concat(to.UePools.SelectMany(pool => Drawn(draft, pool)))
                .Where(address => address.AddressFamily == ue.AddressFamily && !address.Equals(own)).Distinct(),
        ];
    }

    private static PlanTask Try(PlanDraft draft, Slice from, Slice to, IPAddress[] targets, int session)
    {
        TestEndpoint ue = draft.Ue(from.Name)!;
        int seconds = Tries * 11 / 10 / RatePps + 2;
        return draft.Task("slice-reach", ue.Kit, seconds,
            ("localAddress", ue.Address), ("localPort", draft.Ports.Next()), ("slice", from.Name),
            ("interface", ue.Interface ?? ""),
            ("targetSlice", to.Name), ("targets", string.Join(',', targets.Select(each => each.ToString()))),
            ("ownAddress", draft.FarEnd("dn", from.Name)!.Address), ("port", draft.Ports.Next()),
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
