using System.Security.Cryptography;
using Testbed.Lab.Web;

namespace Testbed.Lab.Exposure;

/// <summary>What lets a client in: the lab's CA, and the secret of its application function. New each time.</summary>
internal sealed class LabAccess(TimeProvider time) : IDisposable
{
    public const string AfId = "af1";
    public const string CaFile = "nef-ca.pem";
    /// <summary>The kits' environment variable that the claim refers to.</summary>
    public const string SecretVariable = "NEF_SECRET";

    public LabAuthority Authority { get; } = new(time);

    public ApiClientAccount Account { get; } =
        new(AfId, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));

    /// <summary>What lets an application into the MEC platform.</summary>
    public string MecToken { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    public void Dispose() => Authority.Dispose();
}
