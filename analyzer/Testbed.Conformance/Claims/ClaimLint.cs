using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Claims;

/// <summary>
/// Something in a claim that is allowed and probably not meant, or that leaves requirements undecided.
/// </summary>
/// <param name="Key">Path of the key; empty when it is about something that is not there.</param>
public sealed record ClaimRemark(string Key, LocalText Text);

/// <summary>
/// Remarks on a claim that reads without errors: what it will not be able to show, before anyone travels.
/// </summary>
public static class ClaimLint
{
    public static IReadOnlyList<ClaimRemark> Check(Claim claim, Profile profile) =>
    [
        .. Slices(claim), .. ServiceProfiles(claim), .. Scenarios(claim, profile), .. Floors(claim, profile),
        .. Limits(claim),
        .. Endpoints(claim), .. MecHosts(claim), .. Needs(claim, profile),
    ];

    private static IEnumerable<ClaimRemark> Slices(Claim claim)
    {
        if (claim.Slices.Count < 2)
            yield return new("slices", new("只申报了一个切片，SLC-001 至少需要两个",
                "one slice is claimed and SLC-001 asks for two"));
        foreach (IGrouping<string, Slice> dnn in claim.Slices
            .GroupBy(slice => slice.Dnn.ToLowerInvariant()).Where(group => group.Count() > 1))
        {
            string names = string.Join(", ", dnn.Select(slice => slice.Name));
            yield return new("slices", new($"切片 {names} 共用 DNN {dnn.Key}，SLC-002 要求各自独立",
                $"slices {names} share the DNN {dnn.Key} and SLC-002 wants one each"));
        }
    }

    private static IEnumerable<ClaimRemark> ServiceProfiles(Claim claim) =>
        from index in Enumerable.Range(0, claim.Slices.Count)
        from figure in claim.Slices[index].ServiceProfile?.Figures ?? []
        where figure.Value is null
        select new ClaimRemark($"slices[{index}].serviceProfile.{figure.Path}", new(
            "该指标没有对应的测量，SLC-008 将不可测", "nothing measures this figure, so SLC-008 will not be measurable"));

    private static IEnumerable<ClaimRemark> Scenarios(Claim claim, Profile profile)
    {
        int types = claim.Scenarios.Select(scenario => scenario.Type).Distinct().Count();
        if (types < profile.ScenariosNeeded)
            yield return new("scenarios", new($"申报了 {types} 类场景，SCN-000 至少需要 {profile.ScenariosNeeded} 类",
                $"{types} scenario types are claimed and SCN-000 asks for {profile.ScenariosNeeded}"));
    }

    private static IEnumerable<ClaimRemark> Floors(Claim claim, Profile profile)
    {
        for (int i = 0; i < claim.Scenarios.Count; i++)
        {
            Scenario scenario = claim.Scenarios[i];
            foreach (KpiRule rule in profile.Requirements
                .Where(requirement => requirement.Scenario == scenario.Type).SelectMany(each => each.Kpis))
            {
                if (rule is not { Floor: { } floor, Figures: [var key] }) continue;
                if (!scenario.Figures.TryGetValue(key, out decimal value)) continue;
                if (rule.Rule is LimitRule.AtMost ? value <= floor : value >= floor) continue;
                yield return new($"scenarios[{i}].{key}", new(
                    $"申报值 {value} 弱于准则下限 {floor}，将按下限判定",
                    $"{value} is weaker than the profile's floor {floor}, which will be the limit"));
            }
        }
    }

    private static IEnumerable<ClaimRemark> Limits(Claim claim)
    {
        for (int i = 0; i < claim.Scenarios.Count; i++)
        {
            foreach ((string key, decimal value) in claim.Scenarios[i].Figures.OrderBy(f => f.Key))
            {
                (decimal? limit, decimal takes) = key switch
                {
                    "dlMbps" or "ulMbps" => (claim.Limits.Mbps, value * Claims.Limits.RateRoom),
                    "concurrentSessions" => (claim.Limits.Sessions, value),
                    _ => ((decimal?)null, value),
                };
                if (takes <= (limit ?? decimal.MaxValue)) continue;
                yield return new($"scenarios[{i}].{key}", new(
                    $"申报值 {value} 需要 limits 至少为 {takes:0.###}，现为 {limit}，无法证明",
                    $"{value} takes {takes:0.###} in limits, which allow {limit}, so it cannot be shown"));
            }
        }
    }

    private static IEnumerable<ClaimRemark> Endpoints(Claim claim)
    {
        for (int i = 0; i < claim.Endpoints.Count; i++)
        {
            TestEndpoint endpoint = claim.Endpoints[i];
            Slice? slice = claim.Slices.FirstOrDefault(s => s.Name == endpoint.Slice);
            if (endpoint.Role != "ue" || slice is null) continue;
            if (slice.UePools.Any(pool => pool.Contains(endpoint.Address))) continue;
            yield return new($"endpoints[{i}].address", new($"{endpoint.Address} 不在切片 {slice.Name} 的地址池内",
                $"{endpoint.Address} is in no pool of slice {slice.Name}"));
        }
    }

    private static IEnumerable<ClaimRemark> MecHosts(Claim claim)
    {
        HashSet<string> edges =
        [
            .. claim.Edge.Select(host => host.Address.ToString()),
            .. claim.Endpoints.Where(each => each.Role == "edge").Select(each => each.Address.ToString()),
        ];
        for (int i = 0; i < claim.Edge.Count; i++)
        {
            foreach ((string key, Uri? root) in ((string, Uri?)[])
                [("mec011", claim.Edge[i].Mec011), ("mec013", claim.Edge[i].Mec013)])
            {
                if (root is null || edges.Contains(root.IdnHost)) continue;
                yield return new($"edge[{i}].{key}", new(
                    $"{root.IdnHost} 不是申报中的边缘地址，没有测试能证明它在边缘",
                    $"{root.IdnHost} is no edge address of the claim, so nothing will show that it is at the edge"));
            }
        }
    }

    private static IEnumerable<ClaimRemark> Needs(Claim claim, Profile profile)
    {
        foreach (Requirement requirement in profile.Requirements.Where(r => r.Judged))
        {
            if (requirement.Scenario is { } type && claim.Scenarios.All(scenario => scenario.Type != type)) continue;
            foreach (IReadOnlyList<string> need in requirement.Needs.Where(need => !need.Any(word => Has(claim, word))))
            {
                string words = string.Join(" | ", need);
                yield return new("", new($"缺少 {words}，{requirement.Id} 将不可测",
                    $"there is no {words}, so {requirement.Id} will not be measurable"));
            }
            foreach (string word in requirement.Consent.Where(word => !claim.Consent.Contains(word)))
                yield return new("consent", new($"未同意 {word}，{requirement.Id} 将不执行",
                    $"without the consent {word}, {requirement.Id} will not be run"));
        }
    }

    private static bool Has(Claim claim, string need) => need switch
    {
        "any-tap" => claim.Taps.Count > 0,
        "any-endpoint" => claim.Endpoints.Count > 0,
        "exposure" => claim.Exposure is not null,
        // The far end may be the edge where a scenario says so.
        "dn" => claim.Endpoints.Any(e => e.Role is "dn" or "edge"),
        "ue" or "edge" => claim.Endpoints.Any(e => e.Role == need),
        _ => claim.Taps.Any(tap => tap.Point == need),
    };
}
