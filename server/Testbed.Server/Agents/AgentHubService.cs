using Grpc.Core;
using Testbed.Agents.V1;

namespace Testbed.Server.Agents;

/// <summary>The gRPC face of a run: agents attach here and hand in their evidence.</summary>
internal sealed class AgentHubService(
    AgentRegistry registry, RunGreeting greeting, EvidenceIntake intake, TimeProvider time) : AgentHub.AgentHubBase
{
    /// <summary>An agent beats once a second; five missed beats are no jitter.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(5);

    public override async Task Attach(
        IAsyncStreamReader<AgentMessage> requestStream, IServerStreamWriter<ServerMessage> responseStream,
        ServerCallContext context)
    {
        AgentLink link = await GreetAsync(requestStream, context.CancellationToken).ConfigureAwait(false);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        link.OnClose(either.Cancel);
        Task writing = WriteAsync(link, responseStream, either.Token);
        try
        {
            await ReadAsync(link, requestStream, either.Token).ConfigureAwait(false);
            link.Lose(new("连接被代理关闭", "the agent closed the connection"));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or RpcException)
        {
            link.Lose(new("连接中断", "the connection broke"));
        }
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        link.OnClose(null);
    }

    public override Task<EvidenceReceipt> Upload(
        IAsyncStreamReader<EvidenceChunk> requestStream, ServerCallContext context) =>
        intake.ReceiveAsync(requestStream, context.CancellationToken);

    private async Task<AgentLink> GreetAsync(
        IAsyncStreamReader<AgentMessage> requests, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(SilenceMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        if (!await requests.MoveNext(either.Token).ConfigureAwait(false)
            || requests.Current.BodyCase != AgentMessage.BodyOneofCase.Hello
            || AgentFacts.From(requests.Current.Hello) is not { } facts)
            throw new RpcException(new(StatusCode.InvalidArgument, "the first message must be a well-formed hello"));
        AgentLink link = new(facts);
        link.Greet(greeting.RunId, greeting.Nonce);
        if (registry.Admit(link) is not { } refusal) return link;
        throw new RpcException(new(StatusCode.FailedPrecondition, refusal.En));
    }

    private async Task ReadAsync(
        AgentLink link, IAsyncStreamReader<AgentMessage> requests, CancellationToken cancellation)
    {
        await using ITimer watch = time.CreateTimer(_ => link.Lose(new(
            $"{SilenceMax.TotalSeconds} 秒无心跳", $"silent for {SilenceMax.TotalSeconds} s")),
            null, SilenceMax, Timeout.InfiniteTimeSpan);
        while (await requests.MoveNext(cancellation).ConfigureAwait(false))
        {
            watch.Change(SilenceMax, Timeout.InfiniteTimeSpan);
            if (link.Accept(requests.Current) is not { } wrong) continue;
            link.Lose(new($"协议错误：{wrong}", $"protocol error: {wrong}"));
            return;
        }
    }

    private static async Task WriteAsync(
        AgentLink link, IServerStreamWriter<ServerMessage> responses, CancellationToken cancellation)
    {
        await foreach (ServerMessage message in link.Outbound.ReadAllAsync(cancellation).ConfigureAwait(false))
            await responses.WriteAsync(message, cancellation).ConfigureAwait(false);
    }
}

/// <summary>What an agent is told when it is let in.</summary>
internal sealed record RunGreeting(string RunId, byte[] Nonce);
