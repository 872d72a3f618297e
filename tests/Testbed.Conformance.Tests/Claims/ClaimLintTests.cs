using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;

namespace Testbed.Conformance.Tests.Claims;

public class ClaimLintTests
{
    private static readonly string Example = Repository.ReadText("profiles/claim.example.yaml");

    private static IReadOnlyList<ClaimRemark> Check(string there = "", string instead = "")
    {
        Assert.That(Example, Does.Contain(there));
        string text = there.Length == 0 ? Example : Example.Replace(there, instead);
        return ClaimLint.Check(ClaimReader.Parse(text, "lab.yaml").Claim!, ProfileCatalogue.Find("miit-2022-220@1")!);
    }

    [Test]
    public void The_example_lacks_only_two_consents_and_a_tap_on_N2() =>
        Assert.That(Check().Select(remark => remark.Text.En), Is.EquivalentTo((string[])
        [
            "without the consent n3-active, E2E-005 will not be run",
            "without the consent malformed, EXP-009 will not be run",
            "without the consent malformed, SEC-008 will not be run",
            "without the consent n3-active, SEC-008 will not be run",
            "there is no n2, so E2E-007 will not be measurable",
        ]));

    [TestCase("rttMsP99: \"20\"", "rttMsP99: \"40\"", "scenarios[1].rttMsP99", "weaker than the profile's floor 20")]
    [TestCase("dlMbps: \"150\"", "dlMbps: \"99\"", "scenarios[0].dlMbps", "weaker than the profile's floor 100")]
    [TestCase("dlMbps: \"150\"", "dlMbps: \"480\"", "scenarios[0].dlMbps",
        "480 takes 504 in limits, which allow 500")]
    [TestCase("concurrentSessions: 1000", "concurrentSessions: 6000", "scenarios[3].concurrentSessions",
        "6000 takes 6000 in limits, which allow 5000")]
    [TestCase("address: 10.46.0.2", "address: 10.47.0.2", "endpoints[1].address", "in no pool of slice iot")]
    [TestCase("dnn: iot", "dnn: internet", "slices", "share the DNN internet")]
    [TestCase("https://10.100.63.10:8443", "https://10.100.61.9:8443", "edge[0].mec011", "nothing will show")]
    [TestCase("point: n4,", "point: n6-edge,", "", "no n4, so E2E-006 will not be measurable")]
    [TestCase("consent: [load,", "consent: [malformed,", "consent", "without the consent load, SCN-BW-001")]
    public void What_a_claim_will_not_show_is_said_beforehand(string there, string instead, string key, string text) =>
        Assert.That(Check(there, instead),
            Has.Some.Matches<ClaimRemark?>(r => r!.Key == key && r.Text.En.Contains(text)));
}
