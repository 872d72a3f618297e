using System.Net;
using Testbed.Conformance.Yaml;

namespace Testbed.Conformance.Claims;

/// <summary><c>taps:</c> and <c>endpoints:</c> of a claim: where the kits stand.</summary>
internal sealed class PlacesSection(ClaimNames sliceNames)
{
    private static readonly ScalarKind<string> Point = ClaimKinds.OneOf("n3", "n6", "n6-edge", "n4", "n2");
    private static readonly ScalarKind<string> Role = ClaimKinds.OneOf("ue", "dn", "edge");
    private static readonly ScalarKind<string> Kit = ClaimKinds.Name("kit-a");

    private static readonly ScalarKind<IPEndPoint> Attach = new(
        new("IPv4 地址与端口", "an IPv4 address and a port"), "127.0.0.1:7201", new(IPAddress.Loopback, 1),
        (string text, out IPEndPoint value) =>
        {
            value = new(IPAddress.Loopback, 1);
            if (text.Count(c => c == ':') != 1 || text.Count(c => c == '.') != 3
                || !IPEndPoint.TryParse(text, out IPEndPoint? read) || read.Port == 0) return false;
            value = read;
            return true;
        });

    public List<Tap> Taps(MapReader root)
    {
        var taps = new List<Tap>();
        var lines = new Dictionary<(string, string, string), int>();
        foreach (MapReader map in root.Maps("taps", "{point: n3, kit: kit-a, interface: eth1}"))
        {
            var slices = map.Values("slices", ClaimKinds.Name("embb"));
            foreach (Located<string> slice in slices) sliceNames.Require(slice, map.Errors);
            var tap = new Tap(map.Required("point", Point), map.Required("kit", Kit),
                map.Required("interface", ClaimKinds.Interface), [.. slices.Select(s => s.Value)]);
            taps.Add(tap);
            // Where the value itself is wrong, that has been said; two wrong ones are not the same place.
            if (tap.Kit.Length > 0 && tap.Interface.Length > 0)
                RefuseTwice(map, lines, (tap.Point, tap.Kit, tap.Interface), new("采集点", "tap"));
            map.Done();
        }
        return taps;
    }

    public List<TestEndpoint> Endpoints(MapReader root)
    {
        var endpoints = new List<TestEndpoint>();
        var lines = new Dictionary<(string, string, IPAddress), int>();
        const string example = "{role: ue, kit: kit-ue, slice: embb, interface: wwan0, address: 10.45.0.2}";
        foreach (MapReader map in root.Maps("endpoints", example))
        {
            string role = map.Required("role", Role);
            string kit = map.Required("kit", Kit);
            bool ue = role == "ue" && map.Find("role") is ScalarNode { Text: "ue" };
            string? slice = Text(map, "slice", ClaimKinds.Name("embb"), required: ue);
            if (slice is not null && map.Find("slice") is { } at)
                sliceNames.Require(new(slice, at, map.PathOf("slice")), map.Errors);
            string? networkInterface = Text(map, "interface", ClaimKinds.Interface, required: ue);
            IPAddress address = map.Required("address", ClaimKinds.Address);
            endpoints.Add(new(role, kit, slice, networkInterface, address,
                map.OptionalOr("emulated", ClaimKinds.Flag, false))
            {
                Attach = map.Optional("attach", Attach, out IPEndPoint attach) ? attach : null,
            });
            RefuseTwice(map, lines, (role, kit, address), new("端点", "endpoint"));
            map.Done();
        }
        return endpoints;
    }

    private static string? Text(MapReader map, string key, ScalarKind<string> kind, bool required) =>
        required ? map.Required(key, kind) : map.Optional(key, kind, out string value) ? value : null;

    private static void RefuseTwice<T>(MapReader map, Dictionary<T, int> lines, T identity, LocalText what)
        where T : notnull
    {
        if (lines.TryAdd(identity, map.Node.Line)) return;
        map.Error(map.Node, map.Path,
            new($"未列过的{what.Zh}（第 {lines[identity]} 行已列）",
                $"a {what.En} not yet listed (it is on line {lines[identity]})"),
            new("重复的条目", "it again"), "");
    }
}
