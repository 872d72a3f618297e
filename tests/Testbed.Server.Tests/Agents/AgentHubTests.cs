using System.Security.Cryptography;
using Grpc.Core;
using Testbed.Agents.V1;
using Testbed.Conformance;
using Testbed.Server.Agents;

namespace Testbed.Server.Tests.Agents;

/// <summary>Real gRPC over a real Unix socket.</summary>
public sealed class AgentHubTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly byte[] Nonce = new byte[32];
    private readonly List<EvidenceFile> _received = [];
    private string _folder = null!;
    private string _socket = null!;
    private AgentRegistry _registry = null!;
    private AgentListener _listener = null!;

    [SetUp]
    public async Task Listen()
    {
        _folder = Directory.CreateTempSubdirectory("tb").FullName;
        _socket = Path.Combine(_folder, "s");
        _received.Clear();
        _registry = new(["kit-a", "kit-b"]);
        EvidenceIntake intake = new(_folder, _registry, new(FileBytesMax: 1000, RunBytesMax: 3000, FilesMax: 5))
        {
            Received = _received.Add,
        };
        _listener = await AgentListener.StartAsync(
            _socket, "run-1", Nonce, _registry, intake, TimeProvider.System, CancellationToken.None);
    }

    [TearDown]
    public async Task Close()
    {
        await _listener.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    [Platform("Linux")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Only_the_owner_may_open_the_socket() => Assert.That(
        File.GetUnixFileMode(_socket), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));

    [Test]
    public async Task An_agent_is_welcomed_with_the_runs_nonce()
    {
        await using TestPeer peer = await TestPeer.AttachAsync(_socket, "kit-a");
        Welcome welcome = await peer.Welcomed;
        Assert.That(welcome.RunId, Is.EqualTo("run-1"));
        Assert.That(welcome.RunNonce.ToByteArray(), Is.EqualTo(Nonce));
        Assert.That(_registry.Missing, Is.EqualTo(new[] { "kit-b" }));
    }

    [Test]
    public async Task A_kit_that_the_claim_does_not_name_is_refused_by_name()
    {
        await using TestPeer peer = await TestPeer.AttachAsync(_socket, "kit-x");
        RpcException refused = (await Assert.ThrowsAsync<RpcException>(async () => await peer.Welcomed))!;
        Assert.That(refused.Status.Detail, Does.Contain("kit-x").And.Contain("kit-a"));
    }

    [Test]
    public async Task A_second_agent_of_one_kit_is_refused_while_the_first_lives()
    {
        await using TestPeer first = await TestPeer.AttachAsync(_socket, "kit-a");
        await first.Welcomed;
        await using TestPeer second = await TestPeer.AttachAsync(_socket, "kit-a");
        await Assert.ThrowsAsync<RpcException>(async () => await second.Welcomed);
    }

    [Test]
    public async Task A_killed_agent_ends_its_tasks_with_its_name()
    {
        await using TestPeer peer = await TestPeer.AttachAsync(_socket, "kit-a");
        await peer.Welcomed;
        AgentTask task = _registry.Find("kit-a")!.Start("t1", "stamp-sender", [], Nonce);
        peer.Kill();
        TaskOutcome outcome = await task.Done.WaitAsync(Patience);
        Assert.That(outcome.IsAgentLost, Is.True);
        Assert.That(outcome.Problem!.En, Does.StartWith("kit kit-a"));
        Assert.That(await task.Ready, Is.False);
    }

    [Test]
    public async Task An_agent_that_falls_silent_is_lost_within_ten_seconds()
    {
        await using TestPeer peer = await TestPeer.AttachAsync(_socket, "kit-a", isBeating: false);
        await peer.Welcomed;
        LocalText why = await _registry.Find("kit-a")!.Lost.WaitAsync(Patience);
        Assert.That(why.En, Does.Contain("silent"));
    }

    [Test]
    public async Task News_of_a_task_that_was_never_given_loses_the_agent()
    {
        await using TestPeer peer = await TestPeer.AttachAsync(_socket, "kit-a");
        await peer.Welcomed;
        await peer.ReadyAsync("never-given");
        LocalText why = await _registry.Find("kit-a")!.Lost.WaitAsync(Patience);
        Assert.That(why.En, Does.Contain("protocol error"));
    }

    [Test]
    public async Task A_dismissed_agent_that_leaves_is_not_lost()
    {
        await using TestPeer peer = await TestPeer.AttachAsync(_socket, "kit-a");
        await peer.Welcomed;
        AgentLink link = _registry.Find("kit-a")!;
        AgentTask task = link.Start("t1", "capture", [], Nonce);
        link.Dismiss("over");
        peer.Kill();
        await task.Done.WaitAsync(Patience);
        Assert.That(link.IsLost, Is.False);
    }

    [Test]
    public async Task A_receipt_is_given_for_bytes_under_their_final_name()
    {
        await using TestPeer peer = await WithTaskAsync();
        byte[] bytes = [1, 2, 3];
        EvidenceReceipt receipt = await peer.UploadAsync("t1", "captures/a.pcapng", bytes);
        Assert.That(receipt.Sha256.ToByteArray(), Is.EqualTo(SHA256.HashData(bytes)));
        Assert.That(File.ReadAllBytes(Path.Combine(_folder, "captures/a.pcapng")), Is.EqualTo(bytes));
        Assert.That(_received.Single().Name, Is.EqualTo("captures/a.pcapng"));
    }

    [Test]
    public async Task The_same_upload_again_gets_the_same_receipt_and_other_bytes_are_refused()
    {
        await using TestPeer peer = await WithTaskAsync();
        await peer.UploadAsync("t1", "captures/a.pcapng", [1, 2, 3]);
        EvidenceReceipt again = await peer.UploadAsync("t1", "captures/a.pcapng", [1, 2, 3]);
        Assert.That(again.Bytes, Is.EqualTo(3));
        await RefusedAsync(() => peer.UploadAsync("t1", "captures/a.pcapng", [4]), StatusCode.AlreadyExists);
        Assert.That(File.ReadAllBytes(Path.Combine(_folder, "captures/a.pcapng")), Has.Length.EqualTo(3));
    }

    [TestCase("../escape")]
    [TestCase("captures/../../escape")]
    [TestCase("/tmp/escape")]
    [TestCase("journal.ndjson")]
    public async Task A_path_out_of_the_evidence_folders_is_refused_and_writes_nothing(string name)
    {
        await using TestPeer peer = await WithTaskAsync();
        string[] before = Tree();
        await RefusedAsync(() => peer.UploadAsync("t1", name, [1]), StatusCode.InvalidArgument);
        Assert.That(Tree(), Is.EqualTo(before));
    }

    [Test]
    public async Task Evidence_of_another_kits_task_is_refused()
    {
        await using TestPeer peer = await WithTaskAsync();
        await RefusedAsync(() => peer.UploadAsync("t2", "captures/a", [1]), StatusCode.PermissionDenied);
    }

    [Test]
    public async Task A_wrong_digest_and_too_many_bytes_leave_nothing_behind()
    {
        await using TestPeer peer = await WithTaskAsync();
        await RefusedAsync(() => peer.UploadAsync("t1", "captures/a", [1], new byte[32]), StatusCode.DataLoss);
        await RefusedAsync(() => peer.UploadAsync("t1", "captures/b", new byte[1001]), StatusCode.ResourceExhausted);
        Assert.That(Directory.GetFiles(Path.Combine(_folder, "captures")), Is.Empty);
    }

    [Test]
    public async Task A_socket_path_that_the_kernel_cannot_hold_is_refused_with_a_remedy()
    {
        string path = Path.Combine(_folder, new string('x', AgentListener.PathBytesMax));
        AgentListenerException refused = (await Assert.ThrowsAsync<AgentListenerException>(() => ListenAsync(path)))!;
        Assert.That(refused.Text.En, Does.Contain("--socket"));
    }

    [Test]
    public async Task A_socket_that_another_run_listens_on_is_left_alone()
    {
        await Assert.ThrowsAsync<AgentListenerException>(() => ListenAsync(_socket));
        Assert.That(File.Exists(_socket), Is.True);
    }

    private Task<AgentListener> ListenAsync(string path) => AgentListener.StartAsync(
        path, "r", Nonce, _registry, new(_folder, _registry, new()), TimeProvider.System, CancellationToken.None);

    private async Task<TestPeer> WithTaskAsync()
    {
        TestPeer peer = await TestPeer.AttachAsync(_socket, "kit-a");
        await peer.Welcomed;
        _registry.Find("kit-a")!.Start("t1", "capture", [], Nonce);
        return peer;
    }

    private static async Task RefusedAsync(Func<Task> upload, StatusCode code)
    {
        RpcException refused = (await Assert.ThrowsAsync<RpcException>(async () => await upload()))!;
        Assert.That(refused.StatusCode, Is.EqualTo(code), () => refused.Status.Detail);
    }

    private string[] Tree() =>
        [.. Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
