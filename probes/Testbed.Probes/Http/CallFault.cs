using Testbed.Conformance;

namespace Testbed.Probes.Http;

/// <summary>Why a call has no answer.</summary>
internal enum CallFault
{
    None,
    /// <summary>The name has no address.</summary>
    NotResolved,
    /// <summary>Nobody at the address, or no way there: the kit's network may be the cause.</summary>
    Unreachable,
    /// <summary>The host is there and nothing listens.</summary>
    Refused,
    /// <summary>TCP works and TLS does not.</summary>
    NoTls,
    CertificateExpired,
    CertificateNotYetValid,
    CertificateWrongName,
    CertificateUnknownIssuer,
    /// <summary>No answer, or not all of it, before the deadline.</summary>
    Hang,
    /// <summary>The connection ended before the answer did.</summary>
    Reset,
    /// <summary>More than the limit came.</summary>
    TooLarge,
    /// <summary>What came is no HTTP.</summary>
    NotHttp,
}

/// <summary>Faults in words, and what they say of the testbed.</summary>
internal static class CallFaults
{
    /// <summary>The kit may not have reached the peer at all: nobody can tell whose fault that is.</summary>
    public static bool MayBeTheKits(this CallFault fault) => fault is CallFault.NotResolved or CallFault.Unreachable;

    public static bool IsCertificate(this CallFault fault) => fault is CallFault.CertificateExpired
        or CallFault.CertificateNotYetValid or CallFault.CertificateWrongName or CallFault.CertificateUnknownIssuer;

    public static LocalText Describe(this CallFault fault, CallLimits limits) => fault switch
    {
        CallFault.None => new("已应答", "answered"),
        CallFault.NotResolved => new("域名无法解析", "the name does not resolve"),
        CallFault.Unreachable => new("地址不可达", "the address cannot be reached"),
        CallFault.Refused => new("连接被拒绝", "the connection was refused"),
        CallFault.NoTls => new("TLS 握手失败", "the TLS handshake failed"),
        CallFault.CertificateExpired =>
            new("证书（或签发它的证书）已过期", "the certificate has expired, or one that vouches for it"),
        CallFault.CertificateNotYetValid =>
            new("证书（或签发它的证书）尚未生效", "the certificate is not valid yet, or one that vouches for it"),
        CallFault.CertificateWrongName =>
            new("证书中没有该主机名或地址", "the certificate does not carry this name or address"),
        CallFault.CertificateUnknownIssuer =>
            new("证书不是由声明的 CA 签发", "the certificate is not issued by the claimed CA"),
        CallFault.Hang => new(
            $"{limits.Deadline.TotalSeconds:0.#} s 内未应答完毕",
            $"no whole answer within {limits.Deadline.TotalSeconds:0.#} s"),
        CallFault.Reset => new("应答前连接中断", "the connection ended before the answer did"),
        CallFault.TooLarge => new(
            $"应答超过 {limits.BodyBytesMax} 字节的上限", $"the answer passes the limit of {limits.BodyBytesMax} bytes"),
        _ => new("应答不是 HTTP", "what came is no HTTP"),
    };
}
