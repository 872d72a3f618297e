using System.Net;
using Testbed.Conformance.Claims;

namespace Testbed.Analyzer.Tests.Support;

/// <summary>Claims as the analyzer sees them: addresses, pools and slices, nothing else.</summary>
internal static class TestClaims
{
    /// <summary>Two slices, A and B, with pools 10.45/16 and 10.46/16 at one UPF and one gNB.</summary>
    public static Claim TwoSlices { get; } = new()
    {
        Schema = "testbed.claim/1",
        Applicant = new("test", null, [], [], null),
        Purpose = "self-check",
        Profile = "miit-2022-220@1",
        Site = new("test", 0.5m),
        Network = new(
            "00101", [new("gnb1", [IPAddress.Parse(Packets.Gnb)], [])],
            [new("upf1", [IPAddress.Parse(Packets.Upf)], [], "central")], new([], []), "trusted-site", "unknown"),
        Slices = [Slice("A", 1, "internet", "10.45.0.0/16"), Slice("B", 2, "mec", "10.46.0.0/16")],
        Digest = "",
    };

    private static Slice Slice(string name, uint sd, string dnn, string pool) =>
        new(name, new(1, sd), dnn, [IPNetwork.Parse(pool)], "upf1", [], null, null);
}
