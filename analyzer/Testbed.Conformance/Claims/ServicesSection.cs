using Testbed.Conformance.Yaml;

namespace Testbed.Conformance.Claims;

/// <summary><c>edge:</c> and <c>exposure:</c> of a claim.</summary>
internal static class ServicesSection
{
    private const string ApiExample = "as-session-with-qos";

    public static List<EdgeHost> Edge(MapReader root)
    {
        var names = new ClaimNames(new("边缘主机名称", "an edge host name"));
        var hosts = new List<EdgeHost>();
        foreach (MapReader map in root.Maps("edge", "{name: mec1, address: 10.100.63.10, app: edge.example.mec}"))
        {
            string name = map.Required("name", ClaimKinds.Name("mec1"));
            names.Add(map, "name", name);
            hosts.Add(new(name, map.Required("address", ClaimKinds.Address),
                map.Required("app", ClaimKinds.Dnn with
                {
                    Expected = new("边缘应用的域名", "the edge application's domain name"), Example = "edge.example.mec",
                }),
                map.Optional("mec011", ClaimKinds.Https, out Uri mec011) ? mec011 : null,
                map.Optional("token", ClaimKinds.Secret("env:MEC_TOKEN"), out string token) ? token : null)
            {
                Dnai = map.Optional("dnai", ClaimKinds.Name("edge-1"), out string dnai) ? dnai : null,
                Dns = map.Optional("dns", ClaimKinds.Address, out System.Net.IPAddress dns) ? dns : null,
                Mec013 = map.Optional("mec013", ClaimKinds.Https, out Uri mec013) ? mec013 : null,
                AppInstance = map.Optional("appInstance", ClaimKinds.Name("app-1"), out string app) ? app : null,
                Ca = map.Optional("ca", ClaimKinds.Text("mec-ca.pem"), out string ca) ? ca : null,
            });
            map.Done();
        }
        return hosts;
    }

    public static Exposure? Exposure(MapReader root, ClaimNames slices)
    {
        if (root.Map("exposure", "{nef: {root: \"https://10.100.5.10:8444\"}}") is not { } map) return null;
        Nef? nef = map.Map("nef", "{root: \"https://10.100.5.10:8444\"}") is { } inner ? Nef(inner, slices) : null;
        Uri? capif = RootOf(map.Map("capif", "{root: \"https://10.100.5.10:8445\"}"), "root");
        Uri? camara = RootOf(map.Map("camara", "{qualityOnDemand: \"https://10.100.5.10:8446\"}"), "qualityOnDemand");
        map.Done();
        return new(nef, capif, camara);
    }

    private static Uri? RootOf(MapReader? map, string key)
    {
        if (map is null) return null;
        Uri address = map.Required(key, ClaimKinds.Https);
        map.Done();
        return address;
    }

    private static Nef Nef(MapReader map, ClaimNames slices)
    {
        var nef = new Nef(
            map.Required("root", ClaimKinds.Https),
            map.Required("tokenEndpoint", ClaimKinds.Https),
            map.Required("clientId", ClaimKinds.Text("af1")),
            map.Required("secret", ClaimKinds.Secret("env:NEF_SECRET")),
            map.Optional("ca", ClaimKinds.Text("nef-ca.pem"), out string ca) ? ca : null,
            map.Required("afId", ClaimKinds.Text("af1")),
            [.. map.Values("apis", ClaimKinds.OneOf(ApiExample, "traffic-influence", "monitoring-event"))
                .Select(api => api.Value)]);
        if (map.Map("ueGroup", "{id: ues@lab.example, slice: iot}") is { } group)
        {
            nef = nef with
            {
                UeGroup = group.Required("id", ClaimKinds.Text("ues@lab.example")),
                UeGroupSlice = group.Required("slice", ClaimKinds.Name("iot")),
            };
            if (group.Find("slice") is { } at)
                slices.Require(new(nef.UeGroupSlice, at, group.PathOf("slice")), map.Errors);
            group.Done();
        }
        if (map.Map("otherAf", "{afId: af2, clientId: af2, secret: env:NEF_SECRET_2}") is { } other)
        {
            nef = nef with
            {
                OtherAf = new(
                    other.Required("afId", ClaimKinds.Text("af2")),
                    other.Required("clientId", ClaimKinds.Text("af2")),
                    other.Required("secret", ClaimKinds.Secret("env:NEF_SECRET_2"))),
            };
            other.Done();
        }
        map.Done();
        return nef;
    }
}
