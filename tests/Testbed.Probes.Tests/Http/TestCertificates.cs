using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Testbed.Probes.Tests.Http;

/// <summary>A CA and what it, or another, issued.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-10);
    private readonly X509Certificate2 _ca = MakeCa();

    public X509Certificate2Collection Roots => [_ca];
    public string Pem => _ca.ExportCertificatePem();

    public X509Certificate2 Good() => Issue(_ca, IPAddress.Loopback, From.AddDays(20));
    public X509Certificate2 Expired() => Issue(_ca, IPAddress.Loopback, DateTimeOffset.UtcNow.AddDays(-1));
    public X509Certificate2 WrongName() => Issue(_ca, IPAddress.Parse("192.0.2.1"), From.AddDays(20));

    public static X509Certificate2 OfAnotherCa()
    {
        using X509Certificate2 other = MakeCa();
        return Issue(other, IPAddress.Loopback, From.AddDays(20));
    }

    /// <summary>A good certificate of a CA between it and the root, and that CA's own with these dates.</summary>
    public (X509Certificate2 Leaf, X509Certificate2 Between) Behind(DateTimeOffset from, DateTimeOffset until)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=between", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        X509Certificate2 between = Signed(request, _ca.SubjectName, _ca.GetECDsaPrivateKey()!, from, until);
        request = new("CN=peer", leafKey, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return (Signed(request, between.SubjectName, key, From, From.AddDays(20)), between);
    }

    // By hand: the runtime refuses to issue beyond the issuer's own dates.
    private static X509Certificate2 Signed(
        CertificateRequest request, X500DistinguishedName issuer, ECDsa key, DateTimeOffset from,
        DateTimeOffset until) => request.Create(
            issuer, X509SignatureGenerator.CreateForECDsa(key), from, until, RandomNumberGenerator.GetBytes(8));

    private static X509Certificate2 MakeCa()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=test CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 1, true));
        return request.CreateSelfSigned(From, From.AddDays(30));
    }

    private static X509Certificate2 Issue(X509Certificate2 ca, IPAddress address, DateTimeOffset until)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=peer", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], false));
        using X509Certificate2 issued = request.Create(ca, From, until, RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 withKey = issued.CopyWithPrivateKey(key);
        // SslStream on Linux wants a key that is not ephemeral to its request.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }

    public void Dispose() => _ca.Dispose();
}
