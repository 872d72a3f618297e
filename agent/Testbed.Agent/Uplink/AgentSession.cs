using Grpc.Core;
using Microsoft.Extensions.Logging;
using Testbed.Agent.Spool;
using Testbed.Agent.Tasks;
using Testbed.Agents.V1;

namespace Testbed.Agent.Uplink;

/// <summary>From welcome to goodbye: reads orders, beats, and sees to it that no task outlives its server.</summary>
internal sealed class AgentSession : IDisposable
{
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    private readonly Attachment _attachment;
    private readonly AgentOptions _options;
    private readonly ILogger _logger;
    private readonly Outbox _outbox = new();
    private readonly TaskTable _tasks;
    private readonly CancellationTokenSource _abandon = new();

    public AgentSession(
        AgentHub.AgentHubClient client, Attachment attachment, AgentOptions options, SpoolFolder spool, ILogger logger)
    {
        _attachment = attachment;
        _options = options;
        _logger = logger;
        TaskCatalogue catalogue = new(options, spool, logger);
        EvidenceUploader uploader = new(client, options.Kit, options.Time, logger);
        _tasks = new(catalogue.Find, _outbox, uploader, options.Time, logger);
    }

    /// <summary>Returns after the server's goodbye or when cancelled.</summary>
    /// <exception cref="AgentException">The server is gone; tasks were stopped first.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        Log.Attached(_logger, _attachment.Welcome.RunId, _options.Kit);
        Task sending = _outbox.PumpAsync(_attachment.Call.RequestStream);
        string? loss;
        using (ITimer beat = _options.Time.CreateTimer(_ => Beat(), null, TimeSpan.Zero, BeatInterval))
        {
            loss = await ReadOrdersAsync(cancellation);
            // With nobody to take the evidence, uploads must not wait for their deadlines.
            if (loss is not null) await _abandon.CancelAsync();
            int left = await _tasks.StopAllAsync(_options.StopWithin);
            if (left > 0) Log.TasksLeft(_logger, left, _options.StopWithin.TotalSeconds);
        }
        await _abandon.CancelAsync();
        _outbox.Complete();
        await Task.WhenAny(sending, Task.Delay(BeatInterval, _options.Time, CancellationToken.None));
        if (loss is not null)
            throw new AgentException(AgentFault.ServerLost,
                new($"与服务器的连接中断({loss}),任务已停止。",
                    $"The server is gone ({loss}); tasks were stopped."));
    }

    public void Dispose()
    {
        _abandon.Dispose();
        _attachment.Call.Dispose();
    }

    private void Beat()
    {
        long nowNs = (_options.Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        _outbox.Offer(new() { Heartbeat = new() { SentUnixNs = nowNs } });
    }

    /// <summary>Null after a goodbye or a cancellation, else how the stream broke.</summary>
    private async Task<string?> ReadOrdersAsync(CancellationToken cancellation)
    {
        IAsyncStreamReader<ServerMessage> orders = _attachment.Call.ResponseStream;
        ReadOnlyMemory<byte> nonce = _attachment.Welcome.RunNonce.ToByteArray();
        Task cancelled = Task.Delay(Timeout.Infinite, cancellation);
        try
        {
            while (true)
            {
                // Not with the token: that would end the call, and results still have to go out over it.
                Task<bool> next = orders.MoveNext(CancellationToken.None);
                if (await Task.WhenAny(next, cancelled) != next) return null;
                if (!await next) return "the stream ended without a goodbye";
                if (Obey(orders.Current, nonce)) return null;
            }
        }
        catch (Exception e) when (e is RpcException or IOException)
        {
            return (e as RpcException)?.Status.Detail ?? e.Message;
        }
    }

    /// <summary>True at goodbye.</summary>
    private bool Obey(ServerMessage order, ReadOnlyMemory<byte> nonce)
    {
        switch (order.BodyCase)
        {
            case ServerMessage.BodyOneofCase.StartTask:
                _tasks.Start(order.StartTask, nonce, _abandon.Token);
                return false;
            case ServerMessage.BodyOneofCase.StopTask:
                _tasks.Stop(order.StopTask.TaskId);
                return false;
            case ServerMessage.BodyOneofCase.Goodbye:
                Log.Goodbye(_logger, order.Goodbye.Reason);
                return true;
            default:
                // A newer server may know orders that this agent does not; it learns so from their absence of effect.
                return false;
        }
    }
}
