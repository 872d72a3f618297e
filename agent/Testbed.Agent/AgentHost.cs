using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Testbed.Agent.Spool;
using Testbed.Agent.Uplink;

namespace Testbed.Agent;

/// <summary>The worker of one kit: attaches to the site server and does as told until it says goodbye.</summary>
public static class AgentHost
{
    /// <summary>
    /// Runs until the server's goodbye, or until cancelled: then tasks are stopped and hand in what they have.
    /// </summary>
    /// <param name="error">Where warnings go, one line each; stderr when null.</param>
    /// <exception cref="AgentException">The world is in the way; the text says how and what to do.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; everything is in order.</exception>
    public static async Task RunAsync(
        AgentOptions options, CancellationToken cancellation, TextWriter? error = null)
    {
        if (!SafeName.IsSafe(options.Kit))
            throw new AgentException(AgentFault.BadOption,
                new($"套件名“{options.Kit}”不合法。", $"'{options.Kit}' is no name of a kit."),
                new("使用声明中的名称，例如 kit-a。", "Use the name that the claim has, e.g. kit-a."));
        ServerAddress address = ServerAddress.Parse(options.Connect);

        // Empty: no configuration files, no environment, no file watchers; four agents start at once on two cores.
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning)
            .AddProvider(new StderrLoggerProvider(options.Kit, error ?? Console.Error));
        builder.Services.AddSingleton<IHostLifetime, CallersLifetime>();
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = options.StopWithin + TimeSpan.FromSeconds(5));
        builder.Services.AddSingleton(options).AddSingleton(address).AddSingleton<AgentWorker>()
            .AddHostedService(services => services.GetRequiredService<AgentWorker>());
        using IHost host = builder.Build();
        AgentWorker worker = host.Services.GetRequiredService<AgentWorker>();
        await host.RunAsync(cancellation);
        if (worker.Failure is { } failure) ExceptionDispatchInfo.Throw(failure);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Signals are the caller's: it turns them into the cancellation.</summary>
    private sealed class CallersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
