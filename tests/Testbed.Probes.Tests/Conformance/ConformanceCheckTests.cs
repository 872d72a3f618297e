using System.Net;
using System.Text;
using Testbed.Probes.Conformance;
using Testbed.Probes.Http;

namespace Testbed.Probes.Tests.Conformance;

public sealed class ConformanceCheckTests
{
    private const string Good =
        """{"self":"https://a/1","notificationDestination":"http://k/1","ueIpv4Addr":"10.45.0.2"}""";
    private static readonly (string, string)[] Json = [("Content-Type", "application/json"), ("Location", "/1")];
    private static readonly ConformanceCheck Check = new(ApiDescription.Load("as-session-with-qos"));

    [TestCase("as-session-with-qos")]
    [TestCase("traffic-influence")]
    [TestCase("monitoring-event")]
    [TestCase("capif-discovery")]
    [TestCase("camara-quality-on-demand")]
    public void Every_description_reads_and_names_only_types_that_it_has(string name) =>
        Assert.That(ApiDescription.Load(name).Operations, Is.Not.Empty);

    [Test]
    public void A_good_answer_has_no_finding() =>
        Assert.That(Check.Answer("create", Answer(201, Good, Json)), Is.Empty);

    [Test]
    public void An_unexpected_status_is_one_finding_and_its_body_is_not_judged()
    {
        ConformanceFinding finding = Check.Answer("create", Answer(200, "<html>", Json)).Single();
        Assert.That((finding.Place, finding.Expected, finding.Found), Is.EqualTo(("status", "201", "200")));
    }

    [TestCase("""{"notificationDestination":7}""", "/notificationDestination", "string", "7")]
    [TestCase("""{}""", "/notificationDestination", "a member", "nothing")]
    [TestCase("""{"notificationDestination":"http://k","ueIpv4Addr":"10.45.0"}""", "/ueIpv4Addr", "ipv4", "10.45.0")]
    [TestCase("""{"notificationDestination":"http://k","flowInfo":[]}""", "/flowInfo", "1 items or more", "0")]
    [TestCase("""{"notificationDestination":"http://k","flowInfo":[{"flowId":"1"}]}""",
        "/flowInfo/0/flowId", "integer", "string")]
    [TestCase("""{"notificationDestination":"http://k","snssai":{"sst":1,"sd":"1"}}""",
        "/snssai/sd", "^[A-Fa-f0-9]{6}$", "1")]
    [TestCase("""[]""", "/", "object", "array")]
    [TestCase("""{""", "/", "JSON", "no JSON")]
    public void A_wrong_field_is_named_with_what_it_should_be(string body, string place, string expected, string found)
    {
        ConformanceFinding finding = Check.Answer("create", Answer(201, body, Json)).Single();
        Assert.That((finding.Place, finding.Expected, finding.Found), Is.EqualTo((place, expected, found)));
    }

    [Test]
    public void A_missing_header_and_a_wrong_media_type_are_found()
    {
        IEnumerable<string> places = Check.Answer("create", Answer(201, Good, ("Content-Type", "text/plain")))
            .Select(finding => finding.Place);
        Assert.That(places, Is.EquivalentTo((string[])["header Location", "media type"]));
    }

    [Test]
    public void An_answer_that_has_no_body_by_its_specification_must_not_bring_one() =>
        Assert.That(Check.Answer("delete", Answer(204, "x")).Single().Expected, Is.EqualTo("no body"));

    [Test]
    public void A_refusal_is_held_against_problem_details()
    {
        ApiAnswer good = Answer(403, """{"status":403}""", ("Content-Type", "application/problem+json"));
        ApiAnswer bad = Answer(403, """{"status":"403"}""", ("Content-Type", "application/json"));
        Assert.Multiple(() =>
        {
            Assert.That(Check.Refusal("create", good, 401, 403), Is.Empty);
            Assert.That(Check.Refusal("create", bad, 401, 403).Select(finding => finding.Place),
                Is.EquivalentTo((string[])["media type", "/status"]));
            Assert.That(Check.Refusal("create", Answer(201, Good, Json), 401, 403).Single().Expected,
                Is.EqualTo("401 or 403"));
        });
    }

    [Test]
    public void A_notification_is_held_against_its_type()
    {
        byte[] body = Encoding.UTF8.GetBytes("""{"transaction":"https://a/1","eventReports":[{}]}""");
        ConformanceFinding finding = Check.Message("notify", new(0, "application/json; charset=utf-8", body)).Single();
        Assert.That(finding.Place, Is.EqualTo("/eventReports/0/event"));
    }

    [Test]
    public void What_a_peer_sent_is_cut_and_cleaned_before_it_is_repeated()
    {
        string long_ = ConformanceFinding.Show(new string('x', 1000) + "\n");
        Assert.That(long_, Has.Length.LessThan(100));
        Assert.That(ConformanceFinding.Show("a\u001bb"), Is.EqualTo("a b"));
    }

    private static ApiAnswer Answer(int status, string body, params (string, string)[] headers) => new()
    {
        Request = new(HttpMethod.Post, new("https://a/")), Status = (HttpStatusCode)status, Headers = headers,
        Body = Encoding.UTF8.GetBytes(body), Limits = CallLimits.Default,
    };
}
