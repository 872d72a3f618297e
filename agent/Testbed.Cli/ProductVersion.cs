using System.Reflection;

namespace Testbed.Cli;

/// <summary>What this build is: the product's version and the commit that it was made from.</summary>
internal static class ProductVersion
{
    private static readonly string Informational =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion;

    /// <summary>For example <c>0.1.0</c>.</summary>
    public static string Version => Informational.Split('+')[0];

    /// <summary>Full commit hash, or <c>unknown</c> for a build outside a repository.</summary>
    public static string Commit => Informational.Split('+') is [_, var commit] ? commit : "unknown";

    public static int Print(TextWriter output)
    {
        output.WriteLine($"testbed {Version} ({Commit[..Math.Min(12, Commit.Length)]})");
        return ExitCode.AllPass;
    }
}
