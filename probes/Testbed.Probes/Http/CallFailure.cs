using System.Net.Sockets;
using System.Security.Authentication;

namespace Testbed.Probes.Http;

/// <summary>From what the runtime throws to what happened.</summary>
internal static class CallFailure
{
    public static CallFault Read(Exception failure, CertificateTrust trust)
    {
        if (Inner<AuthenticationException>(failure) is not null || IsHandshake(failure))
            return trust.LatestFault is CallFault.None ? CallFault.NoTls : trust.LatestFault;
        return failure is HttpRequestException { HttpRequestError: var error } ? Read(error, failure) : OfIo(failure);
    }

    private static CallFault Read(HttpRequestError error, Exception failure) => error switch
    {
        HttpRequestError.NameResolutionError => CallFault.NotResolved,
        HttpRequestError.ConnectionError => OfSocket(failure),
        HttpRequestError.SecureConnectionError => CallFault.NoTls,
        HttpRequestError.ConfigurationLimitExceeded => CallFault.TooLarge,
        HttpRequestError.InvalidResponse => CallFault.NotHttp,
        HttpRequestError.HttpProtocolError or HttpRequestError.ResponseEnded => CallFault.Reset,
        _ => OfIo(failure),
    };

    private static bool IsHandshake(Exception failure) =>
        failure is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError };

    private static CallFault OfIo(Exception failure) =>
        Inner<SocketException>(failure) is null && Inner<HttpIOException>(failure) is { } io
            ? Read(io.HttpRequestError, io) is CallFault.NotHttp ? CallFault.NotHttp : CallFault.Reset
            : Inner<HttpRequestException>(failure) is not null && Inner<SocketException>(failure) is null
                && Inner<IOException>(failure) is null ? CallFault.NotHttp : CallFault.Reset;

    private static CallFault OfSocket(Exception failure) => Inner<SocketException>(failure)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => CallFault.Refused,
        SocketError.ConnectionReset => CallFault.Reset,
        _ => CallFault.Unreachable,
    };

    private static T? Inner<T>(Exception failure) where T : Exception
    {
        for (Exception? at = failure; at is not null; at = at.InnerException)
            if (at is T found) return found;
        return null;
    }
}
