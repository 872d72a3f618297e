using System.Security.Cryptography.X509Certificates;
using Testbed.Probes.Http;

namespace Testbed.Probes.Tests.Http;

/// <summary>A certificate is worth what those are who vouch for it.</summary>
public sealed class CertificateTrustTests
{
    private readonly TestCertificates _certificates = new();

    [OneTimeTearDown]
    public void Close() => _certificates.Dispose();

    [TestCase(-10, 10, "None")]
    [TestCase(-10, -1, "CertificateExpired")]
    [TestCase(1, 10, "CertificateNotYetValid")]
    public void A_CA_in_between_has_to_be_valid_now_too(int fromDays, int untilDays, string fault)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        (X509Certificate2 leaf, X509Certificate2 between) =
            _certificates.Behind(now.AddDays(fromDays), now.AddDays(untilDays));
        using (leaf)
        using (between)
        using (X509Chain presented = new())
        {
            // As SslStream hands over what a server sent.
            presented.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            presented.ChainPolicy.DisableCertificateDownloads = true;
            presented.ChainPolicy.ExtraStore.Add(between);
            presented.Build(leaf);
            CertificateTrust trust = new(_certificates.Roots, TimeProvider.System);
            Assert.That(trust.Judge("127.0.0.1", leaf, presented).ToString(), Is.EqualTo(fault));
        }
    }
}
