using Grpc.Core;
using Microsoft.Extensions.Logging;
using Testbed.Agent.Clocks;
using Testbed.Agent.Facts;
using Testbed.Agents.V1;

namespace Testbed.Agent.Uplink;

/// <summary>An open stream to a server that has said welcome.</summary>
internal sealed record Attachment(
    AsyncDuplexStreamingCall<AgentMessage, ServerMessage> Call, Welcome Welcome)
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WelcomeWithin = TimeSpan.FromSeconds(10);

    /// <summary>Looks for the server, each time after a longer pause, for as long as the options allow.</summary>
    /// <exception cref="AgentException">Nobody answered in time, or the server does not want this agent.</exception>
    public static async Task<Attachment> FindServerAsync(
        AgentHub.AgentHubClient client, AgentOptions options, ILogger logger, CancellationToken cancellation)
    {
        Hello hello = await HelloAsync(options, cancellation);
        long startedAt = options.Time.GetTimestamp();
        for (TimeSpan pause = PauseMin; ; pause = pause * 2 < PauseMax ? pause * 2 : PauseMax)
        {
            try
            {
                return await TryAsync(client, hello, options.Time, cancellation);
            }
            catch (RpcException e) when (cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException(e.Status.Detail, e, cancellation);
            }
            catch (RpcException e) when (LostStream.IsSilence(e))
            {
                if (options.Time.GetElapsedTime(startedAt) >= options.ConnectWithin) throw NotFound(options, e);
                Log.StillLooking(logger, e.Status.Detail);
                await Task.Delay(pause, options.Time, cancellation);
            }
            catch (RpcException e)
            {
                throw new AgentException(AgentFault.Refused,
                    new($"服务器拒绝了代理 {options.Kit}：{e.Status.Detail}",
                        $"The server refused agent {options.Kit}: {e.Status.Detail}"),
                    new("检查套件名是否与声明一致，且没有同名代理在运行。",
                        "Check that the kit's name is the claim's and that no other agent has it."), e);
            }
        }
    }

    private static async Task<Attachment> TryAsync(
        AgentHub.AgentHubClient client, Hello hello, TimeProvider time, CancellationToken cancellation)
    {
        AsyncDuplexStreamingCall<AgentMessage, ServerMessage> call =
            client.Attach(cancellationToken: CancellationToken.None);
        try
        {
            using CancellationTokenSource patience = new(WelcomeWithin, time);
            using CancellationTokenSource both =
                CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
            await WriteHelloAsync(call, hello, both.Token);
            if (await call.ResponseStream.MoveNext(both.Token)
                && call.ResponseStream.Current.BodyCase == ServerMessage.BodyOneofCase.Welcome)
                return new(call, call.ResponseStream.Current.Welcome);
            throw new RpcException(new(StatusCode.FailedPrecondition, "the server did not say welcome"));
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    private static async Task WriteHelloAsync(
        AsyncDuplexStreamingCall<AgentMessage, ServerMessage> call, Hello hello, CancellationToken cancellation)
    {
        try
        {
            await call.RequestStream.WriteAsync(new() { Hello = hello }, cancellation);
        }
        catch (InvalidOperationException)
        {
            // The call has ended already; its status, which the read gives, says why.
        }
        catch (HttpRequestException e)
        {
            // A server that just shuts down closes the connection under the call, and gRPC passes this on as it is.
            throw new RpcException(new(StatusCode.Unavailable, LostStream.Reason(e), e));
        }
    }

    private static AgentException NotFound(AgentOptions options, RpcException e)
    {
        // What the HTTP client says of a socket that is not there speaks of "localhost:80".
        bool isMissing = ServerAddress.Parse(options.Connect).SocketPath is { } path && !File.Exists(path);
        return new(AgentFault.ServerNotFound,
            new($"{options.ConnectWithin.TotalSeconds:0} 秒内没有服务器应答 {options.Connect}："
                    + (isMissing ? "没有这个套接字" : e.Status.Detail),
                $"No server answered at {options.Connect} within {options.ConnectWithin.TotalSeconds:0} s: "
                    + (isMissing ? "there is no such socket." : e.Status.Detail)),
            new("先启动 testbed run，其 --socket 与此地址须一致。",
                "Start `testbed run` first; its --socket must name this address."), e);
    }

    private static async Task<Hello> HelloAsync(AgentOptions options, CancellationToken cancellation)
    {
        ClockReading clock = await ClockQuery.AskAsync(cancellation);
        Hello hello = new()
        {
            Kit = options.Kit, Version = options.Version, BootId = clock.BootId, ClockJson = clock.ToJson(),
            Pid = Environment.ProcessId,
        };
        hello.Interfaces.AddRange(HostFacts.Interfaces());
        return hello;
    }
}
