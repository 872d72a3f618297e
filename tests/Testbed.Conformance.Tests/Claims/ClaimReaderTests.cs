using System.Net;
using System.Security.Cryptography;
using System.Text;
using Testbed.Conformance.Claims;

namespace Testbed.Conformance.Tests.Claims;

public class ClaimReaderTests
{
    private static readonly string Example = Repository.ReadText("profiles/claim.example.yaml");

    [Test]
    public void The_example_reads_without_a_fault()
    {
        ClaimReadResult result = ClaimReader.Parse(Example, "lab.yaml");
        Assert.That(result.Errors.Select(e => e.ToString()), Is.Empty);
        Claim claim = result.Claim!;
        Assert.Multiple(() =>
        {
            Assert.That(claim.Applicant.Name, Is.EqualTo("示例申报单位"));
            Assert.That(claim.Site.AreaKm2, Is.EqualTo(0.02m));
            Assert.That(claim.Network.Plmn, Is.EqualTo("00101"));
            Assert.That(claim.Network.Upfs.Select(u => u.Role), Is.EqualTo(new[] { "central", "edge" }));
            Assert.That(claim.Network.Core.Ports, Does.Contain("38412/sctp"));
            Assert.That(claim.Slices.Select(s => s.Snssai.ToString()), Is.EqualTo(new[] { "1-000001", "1-000002" }));
            Assert.That(claim.Slices[0].UePools, Is.EqualTo(new[] { IPNetwork.Parse("10.45.0.0/16") }));
            Assert.That(claim.Slices[0].Flows[1], Is.EqualTo(new QosFlow(1, 80, 10, 20)));
            Assert.That(claim.Slices[0].AmbrUlMbps, Is.EqualTo(100));
            Assert.That(claim.Slices[0].AmbrDlMbps, Is.EqualTo(200));
            Assert.That(claim.Edge[0].Token, Is.EqualTo("env:MEC_TOKEN"));
            Assert.That(claim.Exposure!.Nef!.Apis, Has.Count.EqualTo(3));
            Assert.That(claim.Taps, Has.Count.EqualTo(5));
            Assert.That(claim.Taps[1].Slices, Is.EqualTo(new[] { "embb" }));
            Assert.That(claim.Endpoints[0].Interface, Is.EqualTo("ueA1"));
            Assert.That(claim.Endpoints[0].Emulated, Is.True);
            Assert.That(claim.Scenarios.Select(s => s.Type), Is.EqualTo(new[]
                { "large-bandwidth", "low-latency", "high-reliability", "massive-connection" }));
            Assert.That(claim.Scenarios[1].Figures["rttMsP99"], Is.EqualTo(20));
            Assert.That(claim.Scenarios[2].Figures["ratio"], Is.EqualTo(0.9999m));
            Assert.That(claim.Consent, Is.EqualTo(new[] { "load", "scan", "spoof" }));
            Assert.That(claim.Limits, Is.EqualTo(new Limits(500, 5000)));
        });
    }

    [Test]
    public void The_digest_is_that_of_the_bytes()
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Example)));
        Assert.That(ClaimReader.Parse(Example, "lab.yaml").Claim!.Digest, Is.EqualTo(digest));
    }

    [Test]
    public void A_slice_differentiator_that_looks_like_a_number_keeps_its_digits()
    {
        string text = Example.Replace("sd: \"000001\"", "sd: 1e0001").Replace("sd: \"000002\"", "sd: 000002");
        Claim claim = ClaimReader.Parse(text, "lab.yaml").Claim!;
        Assert.That(claim.Slices.Select(s => s.Snssai.Sd), Is.EqualTo(new uint?[] { 0x1e0001, 2 }));
    }

    [Test]
    public void A_slice_may_have_no_differentiator()
    {
        Claim claim = ClaimReader.Parse(Example.Replace("sd: \"000002\", ", ""), "lab.yaml").Claim!;
        Assert.That(claim.Slices[1].Snssai.Sd, Is.Null);
    }

    [Test]
    public void Optional_parts_may_be_left_out()
    {
        string text = string.Join('\n', Example.Split('\n').Where(line => !line.StartsWith("limits")
            && !line.StartsWith("consent") && !line.Contains("creditCode")));
        text = text[..text.IndexOf("edge:   ", StringComparison.Ordinal)]
            + text[text.IndexOf("taps:   ", StringComparison.Ordinal)..];
        Claim claim = ClaimReader.Parse(text, "lab.yaml").Claim!;
        Assert.That(claim.Edge, Is.Empty);
        Assert.That(claim.Exposure, Is.Null);
        Assert.That(claim.Consent, Is.Empty);
        Assert.That(claim.Limits, Is.EqualTo(new Limits(null, null)));
    }

    [Test]
    public void Line_endings_of_another_system_change_nothing()
    {
        ClaimReadResult result = ClaimReader.Parse(Example.Replace("\n", "\r\n"), "lab.yaml");
        Assert.That(result.Ok, Is.True);
    }

    [Test]
    public void A_byte_order_mark_is_passed_over() =>
        Assert.That(ClaimReader.Parse("\uFEFF" + Example, "lab.yaml").Ok, Is.True);

    [Test]
    public void What_applications_can_ask_for_is_read()
    {
        ClaimReadResult read = ClaimReader.Parse(Example
            .Replace("mfbrMbps: \"20\"}", "mfbrMbps: \"20\", qosReference: gold, qosProfile: QOS_E}")
            .Replace("app: edge.example.mec,", "app: edge.example.mec, dnai: edge-1,")
            .Replace("afId: af1,", "afId: af1, ueGroup: {id: ues@lab.example, slice: iot},"), "lab.yaml");
        Claim claim = read.Claim!;
        QosFlow flow = claim.Slices[0].Flows[1];
        Assert.That((flow.QosReference, flow.QosProfile, flow.IsOnDemand), Is.EqualTo(("gold", "QOS_E", true)));
        Assert.That(claim.Slices[0].Flows[0].IsOnDemand, Is.False);
        Assert.That(claim.Edge[0].Dnai, Is.EqualTo("edge-1"));
        Assert.That((claim.Exposure!.Nef!.UeGroup, claim.Exposure.Nef.UeGroupSlice),
            Is.EqualTo(("ues@lab.example", "iot")));
    }

    [Test]
    public void Another_application_function_is_read_and_its_secret_is_a_reference()
    {
        string Named(string secret) => Example.Replace(
            "afId: af1,", $"afId: af1, otherAf: {{afId: af2, clientId: two, secret: {secret}}},");
        Assert.That(ClaimReader.Parse(Named("env:SECOND"), "lab.yaml").Claim!.Exposure!.Nef!.OtherAf,
            Is.EqualTo(new OtherAf("af2", "two", "env:SECOND")));
        Assert.That(ClaimReader.Parse(Named("hunter2"), "lab.yaml").Errors,
            Has.Some.Property(nameof(ClaimError.Key)).EqualTo("exposure.nef.otherAf.secret"));
    }

    [Test]
    public void A_group_of_UEs_is_of_a_slice_that_the_claim_names() => Assert.That(
        ClaimReader.Parse(
            Example.Replace("afId: af1,", "afId: af1, ueGroup: {id: a@b, slice: nope},"), "lab.yaml").Errors,
        Has.Some.Property(nameof(ClaimError.Key)).EqualTo("exposure.nef.ueGroup.slice"));
}
