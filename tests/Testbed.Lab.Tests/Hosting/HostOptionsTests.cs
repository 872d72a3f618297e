using Testbed.Conformance.Claims;
using Testbed.Lab.Claims;
using Testbed.Lab.Hosting;

namespace Testbed.Lab.Tests.Hosting;

public sealed class HostOptionsTests
{
    [Test]
    public void All_options_are_read_and_the_rest_is_the_main_command()
    {
        HostOptions options = HostOptions.Parse(
        [
            "--fault", "jitter", "--fault", "no-echo", "--ues", "500", "--seed", "7", "--claim-out", "/tmp/lab.yaml",
            "--ledger", "/tmp/run/ledger.json", "--kit-command", "agent {kit}", "--", "testbed", "run", "--", "x",
        ]);
        Assert.Multiple(() =>
        {
            Assert.That(options.Faults, Is.EqualTo(new[] { "jitter", "no-echo" }));
            Assert.That((options.ConcurrentSessions, options.Seed), Is.EqualTo((500, 7)));
            Assert.That(options.InsiderFolder, Is.EqualTo("/tmp/run"), "a run and its ledger share a folder");
            Assert.That(options.MainCommand, Is.EqualTo(new[] { "testbed", "run", "--", "x" }));
        });
    }

    [TestCase("--claim-out is missing", "--", "bash")]
    [TestCase("the main command is missing", "--claim-out", "x")]
    [TestCase("the main command is missing", "--claim-out", "x", "--")]
    [TestCase("--ues needs a value", "--claim-out", "x", "--ues", "--", "bash")]
    [TestCase("--ues '0'", "--claim-out", "x", "--ues", "0", "--", "bash")]
    [TestCase("--ues '-1'", "--claim-out", "x", "--ues", "-1", "--", "bash")]
    [TestCase("this lab has 2", "--claim-out", "x", "--slices", "3", "--", "bash")]
    [TestCase("unknown option '--faults'", "--claim-out", "x", "--faults", "jitter", "--", "bash")]
    public void A_wrong_argument_is_a_usage_error_that_names_it(string said, params string[] arguments)
        => Assert.That(() => HostOptions.Parse(arguments),
            Throws.InstanceOf<LabException>().With.Property("ExitCode").EqualTo(2).And.Message.Contains(said));

    [TestCase(1)]
    [TestCase(400)]
    [TestCase(10_000)]
    public void The_claim_is_one_that_the_product_reads(int sessions)
    {
        ClaimReadResult result = ClaimReader.Parse(ClaimText.For(sessions, new()), "lab.yaml");
        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Claim!.Slices.Select(slice => slice.Name), Is.EqualTo(new[] { "embb", "iot" }));
    }
}
