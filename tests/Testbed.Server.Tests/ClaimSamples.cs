using System.Net;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Tests;

/// <summary>The claim of the rehearsal lab, as the claim reader would give it.</summary>
internal static class ClaimSamples
{
    public static Claim Lab { get; } = new()
    {
        Schema = "testbed.claim/1",
        Applicant = new("示例申报单位", null, [], [], null),
        Purpose = "self-check",
        Profile = "miit-2022-220@1",
        Site = new("lab", 0.02m),
        Network = new("00101",
            [new("gnb1", [IPAddress.Parse("10.100.3.10")], [])],
            [new("upf1", [IPAddress.Parse("10.100.3.1")], [IPAddress.Parse("10.100.4.1")], "central")],
            new([IPAddress.Parse("10.100.4.10")], ["8805/udp"]), "trusted-site", "none"),
        Slices =
        [
            new("embb", new(1, 1), "internet", [IPNetwork.Parse("10.45.0.0/16")], "upf1",
                [
                    new(9, 9, null, null),
                    new(1, 80, 10, 20) { Filter = "permit out 17 from any 5000-5099 to assigned" },
                ],
                100, 200) { Dscp = new Dictionary<int, int> { [9] = 0, [1] = 46 } },
            new("iot", new(1, 2), "iot", [IPNetwork.Parse("10.46.0.0/16")], "upf1", [new(8, 82, null, null)],
                20, 20),
        ],
        Taps =
        [
            new("n3", "kit-a", "n3u", []), new("n6", "kit-a", "n6au", ["embb"]), new("n6", "kit-a", "n6bu", ["iot"]),
            new("n4", "kit-a", "n4u", []),
        ],
        Endpoints =
        [
            new("ue", "kit-ue", "embb", "ueA", IPAddress.Parse("10.45.0.2"), true)
            {
                Attach = new(IPAddress.Loopback, 7201),
            },
            new("ue", "kit-ue", "iot", "ueB", IPAddress.Parse("10.46.0.2"), true),
            new("dn", "kit-dna", "embb", null, IPAddress.Parse("10.100.61.10"), false),
            new("dn", "kit-dna", "iot", null, IPAddress.Parse("10.100.62.10"), false),
        ],
        Scenarios =
        [
            Scenario("large-bandwidth", "embb", ("dlMbps", 150m), ("ulMbps", 80m)),
            Scenario("low-latency", "embb", ("rttMsP99", 20m), ("packetBytes", 64m)),
            Scenario("high-reliability", "embb", ("ratio", 0.9999m), ("withinMs", 50m), ("packetBytes", 64m)),
            Scenario("massive-connection", "iot", ("concurrentSessions", 300m), ("setupSuccess", 0.99m)),
        ],
        Consent = ["load", "scan", "spoof", "malformed", "n3-active"],
        Limits = new(500m, 5000),
        Digest = new string('a', 64),
    };

    public static Scenario Scenario(string type, string slice, params (string Key, decimal Value)[] figures) =>
        new(type, slice, "dn", figures.ToDictionary(each => each.Key, each => each.Value));
}
