using System.Threading.Channels;
using Grpc.Core;
using Testbed.Agents.V1;

namespace Testbed.Agent.Uplink;

/// <summary>Messages to the server in order, one writer on the stream. Waits when the server is slow.</summary>
internal sealed class Outbox
{
    private readonly Channel<AgentMessage> _messages =
        Channel.CreateBounded<AgentMessage>(new BoundedChannelOptions(256) { SingleReader = true });

    /// <summary>For what must arrive. <see cref="ChannelClosedException"/> once the stream is gone.</summary>
    public ValueTask SendAsync(AgentMessage message, CancellationToken cancellation = default) =>
        _messages.Writer.WriteAsync(message, cancellation);

    /// <summary>For what is worth nothing when late: heartbeats and progress. False when there was no room.</summary>
    public bool Offer(AgentMessage message) => _messages.Writer.TryWrite(message);

    public void Complete(Exception? reason = null) => _messages.Writer.TryComplete(reason);

    public async Task PumpAsync(IClientStreamWriter<AgentMessage> stream)
    {
        try
        {
            await foreach (AgentMessage message in _messages.Reader.ReadAllAsync()) await stream.WriteAsync(message);
            await stream.CompleteAsync();
        }
        catch (Exception e) when (LostStream.IsMeantBy(e) || e is InvalidOperationException)
        {
            // The reading side reports the loss; here only those who still want to send must learn of it.
            Complete(e);
        }
    }
}
