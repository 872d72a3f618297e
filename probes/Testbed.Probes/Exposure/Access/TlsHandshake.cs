using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Testbed.Probes.Http;

namespace Testbed.Probes.Exposure.Access;

/// <summary>What came of one handshake.</summary>
/// <param name="Protocol">Null where there was no agreement.</param>
internal sealed record HandshakeResult(CallFault Fault, SslProtocols? Protocol, string Cipher)
{
    public bool IsModern => Protocol is SslProtocols.Tls12 or SslProtocols.Tls13;
}

/// <summary>Shakes hands with a TLS server, and tries what it should refuse.</summary>
internal sealed class TlsHandshake(X509Certificate2Collection? roots, TimeProvider time)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(4);
    private static readonly CallLimits Limits = CallLimits.Default with { Deadline = Within };

    /// <summary>As a modern client.</summary>
    public async Task<HandshakeResult> ShakeAsync(Uri server, CancellationToken cancellation)
    {
        CertificateTrust trust = new(roots, time);
        using CancellationTokenSource deadline = Deadline(cancellation);
        using TcpClient tcp = new();
        try
        {
            await tcp.ConnectAsync(server.DnsSafeHost, server.Port, deadline.Token).ConfigureAwait(false);
            SslStream tls = new(tcp.GetStream());
            await using (tls.ConfigureAwait(false))
            {
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
                {
                    TargetHost = server.DnsSafeHost,
                    ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                    RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                        trust.Accepts(server.DnsSafeHost, certificate, chain),
                }, deadline.Token).ConfigureAwait(false);
                return new(CallFault.None, tls.SslProtocol, tls.NegotiatedCipherSuite.ToString());
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Without a TCP connection the way there may be at fault, which may be the kit's.
            return new(tcp.Connected ? CallFault.Hang : CallFault.Unreachable, null, "");
        }
        catch (AuthenticationException)
        {
            return new(trust.LatestFault is CallFault.None ? CallFault.NoTls : trust.LatestFault, null, "");
        }
        catch (SocketException failure)
        {
            return new(failure.SocketErrorCode is SocketError.ConnectionRefused
                ? CallFault.Refused : CallFault.Unreachable, null, "");
        }
        catch (IOException)
        {
            return new(trust.LatestFault is CallFault.None ? CallFault.NoTls : trust.LatestFault, null, "");
        }
    }

    /// <summary>Whether the server agrees to this version of TLS, older than 1.2.</summary>
    /// <remarks>Sent by hand: the kit's own library no longer speaks these versions.</remarks>
    public static async Task<bool> AcceptsAsync(Uri server, byte minorVersion, CancellationToken cancellation)
    {
        using CancellationTokenSource deadline = Deadline(cancellation);
        try
        {
            using TcpClient tcp = new();
            await tcp.ConnectAsync(server.DnsSafeHost, server.Port, deadline.Token).ConfigureAwait(false);
            NetworkStream stream = tcp.GetStream();
            await stream.WriteAsync(OldClientHello.Of(minorVersion), deadline.Token).ConfigureAwait(false);
            byte[] head = new byte[OldClientHello.AnswerLength];
            await stream.ReadExactlyAsync(head, deadline.Token).ConfigureAwait(false);
            return OldClientHello.IsAccepted(head, minorVersion);
        }
        catch (Exception refused) when (refused is IOException or SocketException
            || (refused is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>What a server does with a request in clear text; the token in it is nobody's.</summary>
    public async Task<ApiAnswer> AskInClearAsync(Uri resource, int port, CancellationToken cancellation)
    {
        using ApiClient client = new(null, time, Limits);
        Uri plain = new UriBuilder(resource) { Scheme = Uri.UriSchemeHttp, Port = port }.Uri;
        return await client.CallAsync(
            new(HttpMethod.Get, plain) { Token = "not-a-token" }, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether an answer in clear text shows that the API is served there: it did what was asked, or wanted a better
    /// token. A redirect, or an error of any other kind, serves nothing.
    /// </summary>
    public static bool IsServed(ApiAnswer answer) =>
        answer.IsSuccess || answer.Status is System.Net.HttpStatusCode.Unauthorized;

    private static CancellationTokenSource Deadline(CancellationToken cancellation)
    {
        CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Within);
        return deadline;
    }
}
