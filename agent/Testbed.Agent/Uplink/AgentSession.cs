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
    private static readonly TimeSpan PartWithin = TimeSpan.FromSeconds(2);

    private readonly Attachment _attachment;
    private readonly AgentOptions _options;
    private readonly ILogger _logger;
    private readonly Outbox _outbox = new();
    private readonly TaskTable _tasks;
    private readonly CancellationTokenSource _abandon = new();
    /// <summary>The read under way; only one at a time is allowed on a stream.</summary>
    private Task<bool> _next = Task.FromResult(false);

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
        if (loss is null) await PartAsync(sending);
        else
            throw new AgentException(AgentFault.ServerLost,
                new($"与服务器的连接中断（{loss}），任务已停止。",
                    $"The server is gone ({loss}); tasks were stopped."));
    }

    /// <summary>
    /// Waits until the server has read everything and has closed its side: to hang up earlier would discard
    /// results that are still on their way.
    /// </summary>
    private async Task PartAsync(Task sending)
    {
        Task parted = DrainAsync(sending);
        await Task.WhenAny(parted, Task.Delay(PartWithin, _options.Time, CancellationToken.None));
    }

    private async Task DrainAsync(Task sending)
    {
        await sending;
        try
        {
            while (await _next) _next = _attachment.Call.ResponseStream.MoveNext(CancellationToken.None);
        }
        catch (Exception e) when (LostStream.IsMeantBy(e) || e is InvalidOperationException)
        {
            // A server that hangs up in its own way has heard what it wanted to hear.
        }
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
                _next = orders.MoveNext(CancellationToken.None);
                if (await Task.WhenAny(_next, cancelled) != _next) return null;
                if (!await _next) return "the stream ended without a goodbye";
                if (Obey(orders.Current, nonce)) return null;
            }
        }
        catch (Exception e) when (LostStream.IsMeantBy(e))
        {
            return LostStream.Reason(e);
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
