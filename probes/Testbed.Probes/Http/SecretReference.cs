using Testbed.Conformance;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Http;

/// <summary>
/// A claim's <c>env:NAME</c>, resolved by the kit from its own environment: the secret itself stands in no plan, no
/// journal, no log and no report.
/// </summary>
internal static class SecretReference
{
    private const string Prefix = "env:";

    /// <exception cref="SecretMissing">The kit's environment holds no such variable.</exception>
    public static string Resolve(string reference)
    {
        string name = reference.StartsWith(Prefix, StringComparison.Ordinal) ? reference[Prefix.Length..] : "";
        if (name.Length == 0) throw new ProbeParameterException("secret", "env:NAME", "something else");
        return Environment.GetEnvironmentVariable(name) is { Length: > 0 } secret
            ? secret : throw new SecretMissing(name);
    }
}

/// <summary>The variable that holds a secret is not set on this kit.</summary>
internal sealed class SecretMissing(string name) : ProbeFault($"the kit's environment has no variable {name}")
{
    public override LocalText Text => new($"套件的环境变量 {name} 未设置", Message);
}
