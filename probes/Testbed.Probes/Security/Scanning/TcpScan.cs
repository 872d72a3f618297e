using System.Net;
using System.Net.Sockets;

namespace Testbed.Probes.Security.Scanning;

/// <summary>
/// Tries TCP ports by connecting, a few at a time; a connection that comes about is closed at once.
/// </summary>
internal static class TcpScan
{
    private const int AtOnce = 16;
    /// <summary>Long enough for the second SYN, which the kernel sends after a second (RFC 6298 §2).</summary>
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromMilliseconds(1_500);

    public static async Task RunAsync(
        IPAddress local, IReadOnlyList<ScanTarget> targets, CancellationToken cancellation)
    {
        ParallelOptions few = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(targets, few, async (target, stop) =>
            target.Take(await TryAsync(local, target, stop))).ConfigureAwait(false);
    }

    private static async Task<ScanAnswer> TryAsync(IPAddress local, ScanTarget target, CancellationToken cancellation)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(ConnectWithin);
        try
        {
            using Socket socket = new(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(local, 0));
            socket.LingerState = new(true, 0);
            await socket.ConnectAsync(new IPEndPoint(target.Address, target.Port), deadline.Token)
                .ConfigureAwait(false);
            return ScanAnswer.Open;
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return ScanAnswer.None;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode switch
            {
                SocketError.ConnectionRefused or SocketError.ConnectionReset => ScanAnswer.Refused,
                // A router that knows no way, or forbids it, says so in its own name.
                SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.TimedOut
                    or SocketError.AccessDenied => ScanAnswer.None,
                _ => ScanAnswer.NotSent,
            };
        }
    }
}
