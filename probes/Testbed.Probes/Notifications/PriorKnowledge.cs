using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Testbed.Probes.Notifications;

/// <summary>
/// Tells HTTP/2 with prior knowledge from HTTP/1.1 by a connection's first bytes (RFC 9113 §3.3, §3.4). Kestrel serves
/// both at one port only where TLS has named the protocol; in clear it is named here instead.
/// </summary>
internal static class PriorKnowledge
{
    /// <summary>Begins the client connection preface; no method of HTTP/1.1 is called so.</summary>
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n"u8;

    public static async Task TellAsync(ConnectionContext connection, ConnectionDelegate next, TimeSpan within)
    {
        using CancellationTokenSource patience =
            CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        patience.CancelAfter(within);
        try
        {
            if (await IsHttp2Async(connection.Transport.Input, patience.Token).ConfigureAwait(false))
            {
                Named named = new();
                connection.Features.Set<ITlsConnectionFeature>(named);
                connection.Features.Set<ITlsApplicationProtocolFeature>(named);
            }
        }
        catch (Exception silent) when (silent is OperationCanceledException or IOException)
        {
            return; // Whoever connects and says nothing has no notification.
        }
        await next(connection).ConfigureAwait(false);
    }

    /// <summary>Consumes nothing.</summary>
    private static async Task<bool> IsHttp2Async(PipeReader input, CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancellation).ConfigureAwait(false);
            bool? isHttp2 = Compare(read.Buffer) ?? (read.IsCompleted ? false : null);
            // Until it is clear, all that came has been looked at and none of it is taken.
            input.AdvanceTo(read.Buffer.Start, isHttp2 is null ? read.Buffer.End : read.Buffer.Start);
            if (isHttp2 is { } known) return known;
        }
    }

    /// <summary>Null where so few bytes came that either may follow.</summary>
    private static bool? Compare(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> head = stackalloc byte[Preface.Length];
        int length = (int)Math.Min(buffer.Length, head.Length);
        buffer.Slice(0, length).CopyTo(head);
        return !head[..length].SequenceEqual(Preface[..length]) ? false : length == head.Length ? true : null;
    }

    /// <summary>What TLS would have negotiated (ALPN), without TLS and without certificates.</summary>
    private sealed class Named : ITlsConnectionFeature, ITlsApplicationProtocolFeature
    {
        public ReadOnlyMemory<byte> ApplicationProtocol { get; } = "h2"u8.ToArray();
        public X509Certificate2? ClientCertificate { get; set; }

        public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) =>
            Task.FromResult<X509Certificate2?>(null);
    }
}
