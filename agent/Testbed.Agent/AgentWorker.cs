using Grpc.Net.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Testbed.Agent.Spool;
using Testbed.Agent.Uplink;
using Testbed.Agents.V1;

namespace Testbed.Agent;

/// <summary>One agent's life as a hosted service; what ends it is kept for <see cref="AgentHost"/> to tell.</summary>
internal sealed class AgentWorker(
    AgentOptions options, ServerAddress address, IHostApplicationLifetime lifetime, ILogger<AgentWorker> logger)
    : BackgroundService
{
    /// <summary>Null when the server said goodbye or the caller cancelled.</summary>
    public Exception? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await LiveAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The caller's wish.
        }
        catch (Exception e)
        {
            // An AgentException is told to the user, anything else is a defect; neither may be lost in a log.
            Failure = e;
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private async Task LiveAsync(CancellationToken stopping)
    {
        SpoolFolder spool = SpoolFolder.Create(options);
        foreach (string orphan in SpoolFolder.Orphans(options, spool)) Log.SpoolOrphaned(logger, orphan);
        try
        {
            using GrpcChannel channel = address.Open();
            AgentHub.AgentHubClient client = new(channel);
            Attachment attachment = await Attachment.FindServerAsync(client, options, logger, stopping);
            using AgentSession session = new(client, attachment, options, spool, logger);
            await session.RunAsync(stopping);
        }
        finally
        {
            if (!spool.TryRemoveEmpty()) Log.SpoolKept(logger, spool.Path);
        }
    }
}
