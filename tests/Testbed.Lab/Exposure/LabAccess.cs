using System.Security.Cryptography;
using Testbed.Lab.Web;

namespace Testbed.Lab.Exposure;

/// <summary>What lets a client in: the lab's CA, and the secret of its application function. New each time.</summary>
internal sealed class LabAccess(TimeProvider time) : IDisposable
{
    public const string AfId = "af1", OtherAfId = "af2";
    public const string CaFile = "nef-ca.pem";
    /// <summary>The kits' environment variable that the claim refers to.</summary>
    public const string SecretVariable = "NEF_SECRET", OtherSecretVariable = "NEF_SECRET_2";

    public LabAuthority Authority { get; } = new(time);

    public ApiClientAccount Account { get; } = NewAccount(AfId);

    /// <summary>Another application function of the same operator.</summary>
    public ApiClientAccount OtherAccount { get; } = NewAccount(OtherAfId);

    /// <summary>What lets an application into the MEC platform.</summary>
    public string MecToken { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    private static ApiClientAccount NewAccount(string id) =>
        new(id, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));

    public void Dispose() => Authority.Dispose();
}
