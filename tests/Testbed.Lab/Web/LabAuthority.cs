using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Testbed.Lab.Web;

/// <summary>The lab's certificate authority: made when the lab starts, gone when it ends.</summary>
internal sealed class LabAuthority : IDisposable
{
    /// <summary>Server authentication (RFC 5280 §4.2.1.12).</summary>
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly TimeSpan Earlier = TimeSpan.FromHours(1);
    private static readonly TimeSpan Validity = TimeSpan.FromDays(2);

    private readonly X509Certificate2 _root;
    private readonly DateTimeOffset _from;

    public LabAuthority(TimeProvider time)
    {
        // Clocks of kits may be a little behind.
        _from = time.GetUtcNow() - Earlier;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Testbed.Lab CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(_from, _from + Validity);
    }

    /// <summary>What a claim's <c>ca</c> file holds.</summary>
    public string RootPem => _root.ExportCertificatePem() + "\n";

    /// <summary>A server's certificate with its key. The caller disposes.</summary>
    public X509Certificate2 Issue(string address)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={address}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], false));
        using X509Certificate2 issued = request.Create(
            _root, _from, _from + Validity - Earlier, RandomNumberGenerator.GetBytes(16));
        using X509Certificate2 withKey = issued.CopyWithPrivateKey(key);
        // TLS wants a key that the certificate owns.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }

    public void Dispose() => _root.Dispose();
}
