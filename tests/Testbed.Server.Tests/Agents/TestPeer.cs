using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Testbed.Agents.V1;

namespace Testbed.Server.Tests.Agents;

/// <summary>An agent that speaks the protocol over a real socket and does with its orders what a test says.</summary>
internal sealed class TestPeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly GrpcChannel _channel;
    private readonly AsyncDuplexStreamingCall<AgentMessage, ServerMessage> _call;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenSource _dead = new();
    private readonly TaskCompletionSource<Welcome> _welcome = new();
    private readonly Task _reading;
    private readonly Task _beating;

    private TestPeer(GrpcChannel channel, string kit, bool isBeating)
    {
        _channel = channel;
        Kit = kit;
        Client = new(channel);
        _call = Client.Attach(cancellationToken: _dead.Token);
        _reading = ReadAsync();
        _beating = isBeating ? BeatAsync() : Task.CompletedTask;
    }

    public string Kit { get; }
    public AgentHub.AgentHubClient Client { get; }
    public Task<Welcome> Welcomed => _welcome.Task.WaitAsync(Patience);
    public ConcurrentQueue<ServerMessage> Heard { get; } = new();
    /// <summary>Set before the first order comes.</summary>
    public Func<TestPeer, StartTask, Task> OnStart { get; set; } = (_, _) => Task.CompletedTask;
    public Func<TestPeer, string, Task> OnStop { get; set; } = (peer, task) => peer.DoneAsync(task);

    public static async Task<TestPeer> AttachAsync(
        string socket, string kit, string bootId = "boot", bool isBeating = true, params string[] addresses)
    {
        TestPeer peer = new(Open(socket), kit, isBeating);
        Hello hello = new() { Kit = kit, Version = "test", BootId = bootId, Pid = Environment.ProcessId };
        NetworkInterface eth = new() { Name = "eth0" };
        eth.Addresses.AddRange(addresses);
        hello.Interfaces.Add(eth);
        await peer.SendAsync(new() { Hello = hello });
        return peer;
    }

    public static GrpcChannel Open(string socket) => GrpcChannel.ForAddress("http://localhost", new()
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                Socket unix = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await unix.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
                return new NetworkStream(unix, ownsSocket: true);
            },
        },
    });

    public async Task SendAsync(AgentMessage message)
    {
        await _writing.WaitAsync();
        try { await _call.RequestStream.WriteAsync(message); }
        finally { _writing.Release(); }
    }

    public Task ReadyAsync(string task) => SendAsync(new() { TaskReady = new() { TaskId = task } });

    public Task DoneAsync(string task, string outcome = "", string problem = "", params string[] files)
    {
        TaskDone done = new() { TaskId = task, OutcomeJson = outcome, ProblemEn = problem, ProblemZh = problem };
        done.Files.AddRange(files);
        return SendAsync(new() { TaskDone = done });
    }

    public async Task<EvidenceReceipt> UploadAsync(string task, string name, byte[] bytes, byte[]? sha256 = null)
    {
        using AsyncClientStreamingCall<EvidenceChunk, EvidenceReceipt> upload = Client.Upload();
        EvidenceChunk chunk = new()
        {
            TaskId = task, Kit = Kit, Name = name, Data = ByteString.CopyFrom(bytes), Last = true,
            Sha256 = ByteString.CopyFrom(sha256 ?? SHA256.HashData(bytes)),
        };
        await upload.RequestStream.WriteAsync(chunk);
        await upload.RequestStream.CompleteAsync();
        return await upload.ResponseAsync;
    }

    /// <summary>Breaks the connection, as a killed process does.</summary>
    public void Kill() => _dead.Cancel();

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Task.WhenAll(_reading, _beating).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _call.Dispose();
        _channel.Dispose();
        _dead.Dispose();
        _writing.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (ServerMessage message in _call.ResponseStream.ReadAllAsync())
            {
                Heard.Enqueue(message);
                if (message.Welcome is { } welcome) _welcome.TrySetResult(welcome);
                if (message.StartTask is { } start) _ = OnStart(this, start);
                if (message.StopTask is { } stop) _ = OnStop(this, stop.TaskId);
            }
        }
        catch (RpcException refused)
        {
            _welcome.TrySetException(refused);
        }
    }

    private async Task BeatAsync()
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(_dead.Token))
                await SendAsync(new() { Heartbeat = new() { SentUnixNs = 1 } });
        }
        catch (Exception ended) when (ended is OperationCanceledException or RpcException or InvalidOperationException)
        {
            // The connection is gone: nothing beats any more.
        }
    }
}
