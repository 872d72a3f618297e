using Grpc.Core;

namespace Testbed.Agent.Uplink;

/// <summary>
/// The ways in which a call tells that the server is gone. A write passes on what the HTTP client threw when the server
/// closes the connection under it; a read wraps the same in an <see cref="RpcException"/>.
/// </summary>
internal static class LostStream
{
    public static bool IsMeantBy(Exception e) => e is RpcException or IOException or HttpRequestException;

    /// <summary>
    /// Nobody answered, as opposed to a server that said no. A certificate that does not fit is a no: it will not fit
    /// the next time either.
    /// </summary>
    public static bool IsSilence(RpcException e) => e.StatusCode is StatusCode.Unavailable
        || e.Status.DebugException is IOException
            or HttpRequestException { HttpRequestError: not HttpRequestError.SecureConnectionError };

    public static string Reason(Exception e) => e switch
    {
        RpcException rpc => rpc.Status.Detail,
        HttpRequestException { InnerException: { } inner } => inner.Message,
        _ => e.Message,
    };
}
