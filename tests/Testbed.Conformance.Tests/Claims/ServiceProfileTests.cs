using Testbed.Conformance.Claims;

namespace Testbed.Conformance.Tests.Claims;

public class ServiceProfileTests
{
    private static readonly string Example = Repository.ReadText("profiles/claim.example.yaml");

    private static ClaimReadResult Read(string profile) => ClaimReader.Parse(
        Example.Replace("upf: upf1,\n     flows", $"upf: upf1, serviceProfile: {profile},\n     flows"), "lab.yaml");

    private static IEnumerable<string> Figures(string profile)
    {
        ClaimReadResult result = Read(profile);
        Assert.That(result.Errors.Select(error => error.ToString()), Is.Empty);
        return result.Claim!.Slices[0].ServiceProfile!.Figures.Select(figure => $"{figure.Path}={figure.Value}");
    }

    [Test]
    public void A_claim_without_one_has_none() =>
        Assert.That(ClaimReader.Parse(Example, "lab.yaml").Claim!.Slices[0].ServiceProfile, Is.Null);

    [Test]
    public void A_profile_pasted_as_JSON_gives_its_figures_in_the_specifications_units() => Assert.That(Figures("""
        {
          "serviceProfileId": "order-1", "sST": 1, "maxNumberofUEs": 1000, "dLLatency": 20.5, "uLLatency": 20,
          "plmnInfoList": [{"plmnId": {"mcc": "001", "mnc": "01"}, "snssai": {"sst": 1, "sd": "000001"}}],
          "dLThptPerUE": {"servAttrCom": {"category": "CHARACTER"}, "guaThpt": 100000, "maxThpt": 200000},
          "maxNumberofPDUSessions": {"nOofPDUSessions": 50}, "reliability": 99.99, "jitter": 5000,
          "positioning": {"availability": ["CIDE-CID"], "accuracy": 3}, "delayTolerance": {"support": "SUPPORTED"}
        }
        """), Is.EqualTo(new[]
    {
        "dLThptPerUE.guaThpt=100000", "dLLatency=20.5", "uLLatency=20", "jitter=5000", "reliability=99.99",
        "maxNumberofPDUSessions.nOofPDUSessions=50", "maxNumberofUEs=", "positioning=",
    }));

    [TestCase("{serviceProfileId: a, uEMobilityLevel: STATIONARY}")]
    [TestCase("{synchronicity: {availability: NOT SUPPORTED}}")]
    [TestCase("{dLThptPerUE: {maxThpt: 100000}}")]
    public void What_only_describes_promises_no_figure(string profile) => Assert.That(Figures(profile), Is.Empty);

    [TestCase("{}", "slices[0].serviceProfile", "promises something", "an empty mapping")]
    [TestCase("50", "slices[0].serviceProfile", "a mapping", "'50'")]
    [TestCase("{dLLatncy: 50}", "slices[0].serviceProfile.dLLatncy", "did you mean dLLatency", "unknown key")]
    [TestCase("{dLLatency: 0}", "slices[0].serviceProfile.dLLatency", "above 0", "'0'")]
    [TestCase("{dLLatency: 50ms}", "slices[0].serviceProfile.dLLatency", "in ms", "'50ms'")]
    [TestCase("{reliability: 100}", "slices[0].serviceProfile.reliability", "below 100", "'100'")]
    [TestCase("{dLThptPerUE: 100000}", "slices[0].serviceProfile.dLThptPerUE", "a mapping", "'100000'")]
    [TestCase("{dLThptPerUE: {guaThtp: 1}}", "slices[0].serviceProfile.dLThptPerUE.guaThtp", "guaThpt", "unknown")]
    [TestCase("{sST: 2}", "slices[0].serviceProfile.sST", "S-NSSAI of this slice (1-000001)", "another slice")]
    [TestCase("{plmnInfoList: [{snssai: {sst: 1, sd: \"000002\"}}]}", "slices[0].serviceProfile.plmnInfoList",
        "S-NSSAI of this slice", "another slice")]
    public void A_fault_is_named_with_its_place(string profile, string key, string expected, string got)
    {
        ClaimError error = Read(profile).Errors.Single();
        Assert.That(error.Key, Is.EqualTo(key));
        Assert.That(error.Line, Is.Positive);
        Assert.That(error.Expected.En, Does.Contain(expected));
        Assert.That(error.Got.En, Does.Contain(got));
    }
}
