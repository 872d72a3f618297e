using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Testbed.Probes.Http;

/// <summary>
/// Judges a peer's certificate against the claimed CA, or the system's where the claim names none, and tells the
/// reasons apart. Revocation is not asked for: a lab's CA seldom answers, and an offline kit could not ask.
/// </summary>
internal sealed class CertificateTrust(X509Certificate2Collection? roots, TimeProvider time)
{
    private volatile int _fault;

    /// <summary>Why the latest certificate was refused; None when it was not.</summary>
    public CallFault LatestFault => (CallFault)_fault;

    /// <summary>For <see cref="SslClientAuthenticationOptions.RemoteCertificateValidationCallback"/>.</summary>
    public bool Accepts(string host, X509Certificate? presented, X509Chain? chain)
    {
        CallFault fault = presented is X509Certificate2 certificate
            ? Judge(host, certificate, chain) : CallFault.NoTls;
        _fault = (int)fault;
        return fault is CallFault.None;
    }

    /// <summary>The first flaw in the order issuer, name, time: each of the later ones can be mended alone.</summary>
    public CallFault Judge(string host, X509Certificate2 certificate, X509Chain? presented)
    {
        using X509Chain chain = new();
        if (!IsIssuedByRoot(chain, certificate, presented)) return CallFault.CertificateUnknownIssuer;
        // Only the subject alternative name counts (RFC 9110 §4.3.4).
        if (!certificate.MatchesHostname(host.Trim('[', ']'), allowWildcards: true, allowCommonName: false))
            return CallFault.CertificateWrongName;
        // The leaf first, then whoever vouches for it (RFC 5280 §6.1.3): each has to be valid now.
        return chain.ChainElements.Select(element => AtThisTime(element.Certificate))
            .FirstOrDefault(fault => fault is not CallFault.None);
    }

    private CallFault AtThisTime(X509Certificate2 certificate)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now > certificate.NotAfter.ToUniversalTime()) return CallFault.CertificateExpired;
        return now < certificate.NotBefore.ToUniversalTime() ? CallFault.CertificateNotYetValid : CallFault.None;
    }

    /// <summary>
    /// Whatever its dates. A chain whose dates are good is taken before another, as a cross-signed CA has several.
    /// </summary>
    private bool IsIssuedByRoot(X509Chain chain, X509Certificate2 certificate, X509Chain? presented)
    {
        X509ChainPolicy policy = chain.ChainPolicy;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = time.GetUtcNow().UtcDateTime;
        // Server authentication (RFC 5280 §4.2.1.12).
        policy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        if (presented is not null)
            foreach (X509ChainElement element in presented.ChainElements) policy.ExtraStore.Add(element.Certificate);
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }
        if (chain.Build(certificate)) return true;
        policy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(certificate);
    }

    /// <summary>CA certificates of a claim's file; null where it holds none.</summary>
    public static X509Certificate2Collection? ReadRoots(string pem)
    {
        X509Certificate2Collection roots = [];
        try
        {
            roots.ImportFromPem(pem);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
        return roots.Count > 0 ? roots : null;
    }
}
