using System.Net;
using Testbed.Conformance.Yaml;

namespace Testbed.Conformance.Claims;

/// <summary><c>network:</c> of a claim.</summary>
internal sealed class NetworkSection(ClaimNames upfNames)
{
    private static readonly ScalarKind<string> Passage = ClaimKinds.OneOf(ClaimWords.Blocked, ClaimWords.Allowed);
    private readonly ClaimNames _gnbNames = new(new("基站名称", "a gNB name"));
    private readonly Dictionary<IPAddress, int> _n3Lines = [];

    public Network Read(MapReader root)
    {
        MapReader? map = root.Map("network", "{plmn: \"00101\", gnbs: [], upfs: []}", required: true);
        if (map is null) return new("", [], [], new([], []), "trusted-site", "unknown");
        var network = new Network(
            map.Required("plmn", ClaimKinds.Plmn),
            [.. map.Maps("gnbs", "{name: gnb1, n3: [10.100.3.10]}", required: true).Select(Gnb)],
            [.. map.Maps("upfs", "{name: upf1, n3: [10.100.3.1]}", required: true).Select(Upf)],
            Core(map.Map("core", "{addresses: [10.100.4.10], ports: [38412/sctp]}")),
            map.OptionalOr(
                "n3Protection", ClaimKinds.OneOf(ClaimWords.TrustedSite, ClaimWords.Ipsec), ClaimWords.TrustedSite),
            map.OptionalOr("nat", ClaimKinds.OneOf("unknown", "none", "source"), "unknown"))
        {
            UeToUe = map.OptionalOr("ueToUe", Passage, ClaimWords.Blocked),
            UnsolicitedDownlink = map.OptionalOr("unsolicitedDownlink", Passage, ClaimWords.Blocked),
        };
        map.Done();
        return network;
    }

    private Gnb Gnb(MapReader map)
    {
        string name = map.Required("name", ClaimKinds.Name("gnb1"));
        _gnbNames.Add(map, "name", name);
        var gnb = new Gnb(name, N3(map), Addresses(map, "n2"));
        map.Done();
        return gnb;
    }

    private Upf Upf(MapReader map)
    {
        string name = map.Required("name", ClaimKinds.Name("upf1"));
        upfNames.Add(map, "name", name);
        var upf = new Upf(name, N3(map), Addresses(map, "n4"),
            map.OptionalOr("role", ClaimKinds.OneOf("central", "edge"), "central"));
        map.Done();
        return upf;
    }

    /// <summary>An address of N3 tells network elements apart, so it belongs to one.</summary>
    private IReadOnlyList<IPAddress> N3(MapReader map)
    {
        var addresses = map.Values("n3", ClaimKinds.Address, required: true);
        foreach (Located<IPAddress> address in addresses)
        {
            if (_n3Lines.TryAdd(address.Value, address.Node.Line)) continue;
            map.Error(address.Node, address.Path,
                new($"未用过的 N3 地址（第 {_n3Lines[address.Value]} 行已用）",
                    $"an N3 address not yet used (it is on line {_n3Lines[address.Value]})"),
                YamlNode.Quote(address.Value.ToString()), "");
        }
        return [.. addresses.Select(a => a.Value)];
    }

    private static IReadOnlyList<IPAddress> Addresses(MapReader map, string key) =>
        [.. map.Values(key, ClaimKinds.Address).Select(a => a.Value)];

    private static CoreNetwork Core(MapReader? map)
    {
        if (map is null) return new([], []);
        var core = new CoreNetwork(
            Addresses(map, "addresses"), [.. map.Values("ports", ClaimKinds.Port).Select(p => p.Value)]);
        map.Done();
        return core;
    }
}
