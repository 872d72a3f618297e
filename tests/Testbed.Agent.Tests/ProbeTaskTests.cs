using System.Text;
using Testbed.Conformance.Json;
using Testbed.Conformance.Results;
using Testbed.Server.Agents;

namespace Testbed.Agent.Tests;

public class ProbeTaskTests
{
    [Test]
    public async Task A_sender_and_a_reflector_of_the_catalogue_measure_over_loopback()
    {
        await using RealServer server = await RealServer.StartAsync();
        AgentTask reflector = server.Start("reflect", "stamp-reflector",
            ("address", "127.0.0.1"), ("port", "46862"), ("session", "1"));
        Assert.That(await RealServer.ReadyOf(reflector), Is.True);
        AgentTask sender = server.Start("send", "stamp-sender",
            ("localAddress", "127.0.0.1"), ("localPort", "46861"), ("remoteAddress", "127.0.0.1"),
            ("port", "46862"), ("session", "1"), ("slice", "a"), ("count", "400"), ("ratePps", "400"),
            ("packetBytes", "200"), ("deadlineMs", "1000"));
        TaskOutcome measured = await RealServer.EndOf(sender);
        server.Link.Stop("reflect");
        TaskOutcome reflected = await RealServer.EndOf(reflector);

        Assert.That(measured.Problem, Is.Null);
        Assert.That(reflected.Problem, Is.Null);
        JsonObject outcome = CanonicalJson.ParseObject(Encoding.UTF8.GetBytes(measured.OutcomeJson));
        KpiResult[] kpis = [.. outcome.GetObjects("kpis").Select(KpiResultJson.Read)];
        Assert.That(kpis.Select(kpi => kpi.Id), Does.Contain("round-trip-delay-p99"));
        // What a figure names as its evidence is a file that the server has.
        foreach (string evidence in kpis.SelectMany(kpi => kpi.Evidence))
            Assert.That(File.Exists(Path.Combine(server.RunFolder, evidence.Split('#')[0])), evidence);
        Assert.That(measured.Files, Is.Not.Empty.And.All.StartsWith("records/send/"));
    }
}
