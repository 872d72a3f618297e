using Testbed.Conformance.Claims;

namespace Testbed.Conformance.Tests.Claims;

/// <summary>One change to a right claim, one error, at the right key and line.</summary>
public class ClaimFaultTests
{
    private static readonly string Example = Repository.ReadText("profiles/claim.example.yaml");

    [TestCase("dlMbps: \"150\"", "dlMbps: 150Mbps", "scenarios[0].dlMbps", "Mbit/s, written without the unit",
        "'150Mbps'")]
    [TestCase("dlMbps: \"150\"", "dlMbps: 1.5e2", "scenarios[0].dlMbps", "decimal number", "'1.5e2'")]
    [TestCase("dlMbps: \"150\"", "dlMbps: -150", "scenarios[0].dlMbps", "above 0", "'-150'")]
    [TestCase("dlMbps: \"150\"", "dlMbps: \"0\"", "scenarios[0].dlMbps", "above 0", "'0'")]
    [TestCase("dlMbps: \"150\"", "dlMbsp: \"150\", dlMbps: \"150\"", "scenarios[0].dlMbsp",
        "did you mean dlMbps?", "unknown key")]
    [TestCase("rttMsP99: \"20\"", "rttMsP99: 20ms", "scenarios[1].rttMsP99", "in ms", "'20ms'")]
    [TestCase("ratio: \"0.9999\"", "ratio: \"99.99%\"", "scenarios[2].ratio", "not a percentage", "'99.99%'")]
    [TestCase("ratio: \"0.9999\"", "ratio: \"99.99\"", "scenarios[2].ratio", "not a percentage", "'99.99'")]
    [TestCase("ratio: \"0.9999\", ", "", "scenarios[2].ratio", "below 1", "no such key")]
    [TestCase("withinMs: \"50\"", "withinMs: \"10000\"", "scenarios[2].withinMs", "at most 1000", "'10000'")]
    [TestCase("withinMs: \"50\"", "withinMs: \"0.0005\"", "scenarios[2].withinMs", "above 0.001", "'0.0005'")]
    [TestCase("concurrentSessions: 1000", "concurrentSessions: 1000.5", "scenarios[3].concurrentSessions",
        "whole number", "'1000.5'")]
    [TestCase("type: low-latency", "type: low-latancy", "scenarios[1].type", "one of", "'low-latancy'")]
    [TestCase("slice: iot, concurrent", "slice: itt, concurrent", "scenarios[3].slice", "a slice name", "'itt'")]
    [TestCase("sd: \"000001\"", "sd: \"1\"", "slices[0].sd", "six hex digits", "'1'")]
    [TestCase("sd: \"000001\"", "sd: 1", "slices[0].sd", "six hex digits", "'1'")]
    [TestCase("sd: \"000001\"", "sd: 0x0001", "slices[0].sd", "six hex digits", "'0x0001'")]
    [TestCase("sd: \"000001\"", "sd: FFFFFF", "slices[0].sd", "leave the key out", "'FFFFFF'")]
    [TestCase("sd: \"000002\"", "sd: \"000001\"", "slices[1].sst", "an S-NSSAI", "the same 1-000001")]
    [TestCase("name: iot, sst: 1", "name: iot, sst: 256", "slices[1].sst", "from 0 to 255", "'256'")]
    [TestCase("[10.46.0.0/16]", "[10.46.0.0]", "slices[1].uePools[0]", "CIDR", "'10.46.0.0'")]
    [TestCase("[10.46.0.0/16]", "10.46.0.0/16", "slices[1].uePools", "a list", "'10.46.0.0/16'")]
    [TestCase("[10.46.0.0/16]", "[10.46.0.1/16]", "slices[1].uePools[0]", "no bits set", "'10.46.0.1/16'")]
    [TestCase("[10.46.0.0/16]", "[10.46.0.0/33]", "slices[1].uePools[0]", "CIDR", "'10.46.0.0/33'")]
    [TestCase("[10.46.0.0/16]", "[]", "slices[1].uePools", "not empty", "an empty list")]
    [TestCase("name: iot, sst", "name: embb, sst", "slices[1].name", "not yet used", "'embb'", 5)]
    [TestCase("dnn: iot, uePools: [10.46.0.0/16], upf: upf1", "dnn: iot, uePools: [10.46.0.0/16], upf: upf9",
        "slices[1].upf", "a UPF name", "'upf9'")]
    [TestCase("flows: [{qfi: 8", "flows: [{qfi: 64", "slices[1].flows[0].qfi", "from 0 to 63", "'64'")]
    [TestCase("gfbrMbps: \"10\"", "gfbrMbps: \"30\"", "slices[0].flows[1].mfbrMbps", "no smaller than", "'20'")]
    [TestCase("n3: [10.100.3.10]", "n3: [10.100.3.300]", "network.gnbs[0].n3[0]", "unicast address", "'10.100.3.300'")]
    [TestCase("n3: [10.100.3.10]", "n3: [010.100.3.10]", "network.gnbs[0].n3[0]", "unicast address", "'010.100.3.10'")]
    [TestCase("n3: [10.100.3.10]", "n3: [1]", "network.gnbs[0].n3[0]", "unicast address", "'1'")]
    [TestCase("n3: [10.100.3.10]", "n3: [224.0.0.1]", "network.gnbs[0].n3[0]", "unicast address", "'224.0.0.1'")]
    [TestCase("n3: [10.100.3.2]", "n3: [10.100.3.1]", "network.upfs[1].n3[0]", "not yet used", "'10.100.3.1'")]
    [TestCase("8805/udp", "8805/upd", "network.core.ports[1]", "port/protocol", "'8805/upd'")]
    [TestCase("plmn: \"00101\"", "plmn: \"0010\"", "network.plmn", "five or six digits", "'0010'")]
    [TestCase("point: n6-edge", "point: n9", "taps[3].point", "one of n3, n6", "'n9'")]
    [TestCase("point: n4, kit: kit-a", "point: n4, kit: \"kit a\"", "taps[4].kit", "a name", "'kit a'")]
    [TestCase("point: n4, kit: kit-a, ", "point: n4, ", "taps[4].kit", "a name", "no such key")]
    [TestCase("slices: [iot]", "slices: [iott]", "taps[2].slices[0]", "a slice name", "'iott'")]
    [TestCase("kit-ue, slice: iot, ", "kit-ue, ", "endpoints[1].slice", "a name", "no such key")]
    [TestCase("emulated: true}\n  - {role: dn", "emulated: yes}\n  - {role: dn", "endpoints[1].emulated",
        "true or false", "'yes'")]
    [TestCase("[load, scan, spoof]", "[load, scan, spoofing]", "consent[2]", "one of load", "'spoofing'")]
    [TestCase("[load, scan, spoof]", "[load, load]", "consent[1]", "once", "'load'")]
    [TestCase("purpose: self-check", "purpose: selfcheck", "purpose", "self-check, site-visit", "'selfcheck'")]
    [TestCase("testbed.claim/1", "testbed.claim/2", "schema", "testbed.claim/1", "'testbed.claim/2'")]
    [TestCase("profile: miit-2022-220@1", "profile: miit-2022-220", "profile", "name@version", "'miit-2022-220'")]
    [TestCase("mbps: \"500\"", "mbps: 500M", "limits.mbps", "Mbit/s", "'500M'")]
    [TestCase("clientId: af1, ", "", "exposure.nef.clientId", "text", "no such key")]
    [TestCase("https://10.100.5.10:8445", "ftp://10.100.5.10", "exposure.capif.root", "https://",
        "'ftp://10.100.5.10'")]
    [TestCase("purpose: self-check", "purpose: self-check\npurpose: site-visit", "purpose", "once", "again")]
    [TestCase("purpose: self-check", "purpose: [self-check]", "purpose", "one of", "a list")]
    [TestCase("purpose: self-check", "purpose:", "purpose", "one of", "no value")]
    [TestCase("purpose: self-check", "purpose: &p self-check", "", "the value itself", "anchor or alias")]
    [TestCase("purpose: self-check", "purpose: *p", "", "the value itself", "anchor or alias")]
    [TestCase("purpose: self-check", "purpose: !!str self-check", "", "without a tag", "a YAML tag")]
    public void A_fault_is_named_with_its_key(
        string right, string wrong, string key, string expected, string got, int count = 1)
    {
        Assert.That(Example, Does.Contain(right));
        string text = Replace(right, wrong);
        ClaimReadResult result = ClaimReader.Parse(text, "lab.yaml");
        Assert.That(result.Claim, Is.Null);
        Assert.That(result.Errors, Has.Count.InRange(1, count), string.Join('\n', result.Errors));
        ClaimError error = result.Errors[0];
        Assert.That(error.Key, Is.EqualTo(key));
        Assert.That(error.Expected.En, Does.Contain(expected));
        Assert.That(error.Got.En, Does.Contain(got));
        int line = text[..Example.IndexOf(right, StringComparison.Ordinal)].Count(c => c == '\n') + 1;
        int lineLast = line + wrong.Count(c => c == '\n');
        Assert.That(error.Line, Is.InRange(line, lineLast), error.ToString());
    }

    [Test]
    public void Overlapping_pools_name_both_slices_and_both_lines()
    {
        ClaimReadResult result = ClaimReader.Parse(Replace("10.46.0.0/16", "10.45.128.0/17"), "lab.yaml");
        Assert.That(result.Errors, Has.Count.EqualTo(1));
        int first = LineOf("10.45.0.0/16"), second = LineOf("10.46.0.0/16");
        Assert.That(result.Errors[0].Line, Is.EqualTo(second));
        Assert.That(result.Errors[0].Text.En, Does.Contain($"10.45.0.0/16 of slice embb (line {first})")
            .And.Contain($"10.45.128.0/17 of slice iot (line {second})"));
        Assert.That(result.Errors[0].Text.Zh, Does.Contain("重叠").And.Contain("embb").And.Contain("iot"));
    }

    [Test]
    public void A_wider_pool_further_down_is_reported_where_it_stands()
    {
        ClaimReadResult result = ClaimReader.Parse(Replace("10.46.0.0/16", "10.0.0.0/8"), "lab.yaml");
        Assert.That(result.Errors.Single().Line, Is.EqualTo(LineOf("10.46.0.0/16")));
        Assert.That(result.Errors.Single().Text.En, Does.Contain("10.45.0.0/16").And.Contain("10.0.0.0/8"));
    }

    [Test]
    public void A_secret_that_was_written_out_is_not_repeated()
    {
        ClaimReadResult result = ClaimReader.Parse(Replace("env:NEF_SECRET", "hunter2"), "lab.yaml");
        Assert.That(result.Errors.Single().Key, Is.EqualTo("exposure.nef.secret"));
        Assert.That(result.Errors.Single().Text.ToString(), Does.Not.Contain("hunter2").And.Contain("env:NEF_SECRET"));
    }

    [Test]
    public void An_error_says_place_key_expectation_value_and_example_in_both_languages()
    {
        ClaimError error = ClaimReader.Parse(Replace("dlMbps: \"150\"", "dlMbps: 150Mbps"), "lab.yaml").Errors.Single();
        Assert.That(error.Text.En, Is.EqualTo(
            $"lab.yaml:{LineOf("dlMbps")}:50: scenarios[0].dlMbps: expected a decimal number above 0 and at most "
            + "1000000 in Mbit/s, written without the unit, got '150Mbps'; example: dlMbps: \"150\""));
        Assert.That(error.Text.Zh, Does.Contain("应为大于 0").And.Contain("实为“150Mbps”").And.Contain("示例：dlMbps"));
    }

    [Test]
    public void All_faults_are_said_at_once_in_the_order_of_the_file()
    {
        string text = Replace("dlMbps: \"150\"", "dlMbps: fast").Replace("plmn: \"00101\"", "plmn: x")
            .Replace("point: n4", "point: n5").Replace("spoof]", "spuf]");
        IReadOnlyList<ClaimError> errors = ClaimReader.Parse(text, "lab.yaml").Errors;
        Assert.That(errors.Select(e => e.Key),
            Is.EqualTo(new[] { "network.plmn", "taps[4].point", "scenarios[0].dlMbps", "consent[2]" }));
    }

    [Test]
    public void No_more_than_fifty_faults_are_said()
    {
        string text = Example + string.Concat(Enumerable.Range(0, 80).Select(i => $"\nunknown{i}: 1"));
        Assert.That(ClaimReader.Parse(text, "lab.yaml").Errors, Has.Count.EqualTo(50));
    }

    private static string Replace(string right, string wrong)
    {
        int at = Example.IndexOf(right, StringComparison.Ordinal);
        return Example[..at] + wrong + Example[(at + right.Length)..];
    }

    private static int LineOf(string text) =>
        Example[..Example.IndexOf(text, StringComparison.Ordinal)].Count(c => c == '\n') + 1;
}
