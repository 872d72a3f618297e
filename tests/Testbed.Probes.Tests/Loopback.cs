using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Testbed.Probes.Tests;

/// <summary>Orders and ports for probes that meet on loopback.</summary>
internal static class Loopback
{
    public static readonly byte[] Nonce = SHA256.HashData("the run under test"u8);
    public static readonly byte[] OtherNonce = SHA256.HashData("yesterday's run"u8);

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public static ProbeTask Order(string kind, params (string Name, object Value)[] parameters) =>
        Order(Nonce, kind, parameters);

    public static ProbeTask Order(byte[] nonce, string kind, params (string Name, object Value)[] parameters) => new(
        kind + "-1", kind, nonce,
        parameters.ToDictionary(each => each.Name, each => FormattableString.Invariant($"{each.Value}")));

    public static ProbeTask With(this ProbeTask task, string name, string? value)
    {
        Dictionary<string, string> parameters = new(task.Parameters);
        if (value is null) parameters.Remove(name);
        else parameters[name] = value;
        return task with { Parameters = parameters };
    }

    /// <summary>Starts a responder, waits until it is ready, and stops it when disposed.</summary>
    public static async Task<Responder> StartAsync(ProbeTask task)
    {
        CancellationTokenSource stop = new();
        TestHost host = new();
        Task<ProbeOutcome> running = ProbeCatalogue.Find(task.Kind)!.RunAsync(task, host, stop.Token);
        if (await Task.WhenAny(host.WhenReady, running) == running)
        {
            ProbeOutcome outcome = await running;
            throw new InvalidOperationException(outcome.Problem?.En ?? "the responder ended before it was ready");
        }
        return new(running, stop);
    }

    public sealed class Responder(Task<ProbeOutcome> running, CancellationTokenSource stop) : IAsyncDisposable
    {
        public async Task<ProbeOutcome> StopAsync()
        {
            await stop.CancelAsync();
            return await running;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            stop.Dispose();
        }
    }
}
