using Testbed.Cli.Output;
using Testbed.Conformance.Claims;

namespace Testbed.Cli.Commands;

/// <summary>
/// Reads a claim for a command: what is wrong goes to stderr, line by line, and ends it with exit code 2.
/// </summary>
internal static class ClaimFiles
{
    public static Claim Read(Session session, string path)
    {
        ClaimReadResult result = ClaimReader.Read(path);
        if (result.Ok) return result.Claim;
        foreach (ClaimError error in result.Errors) session.Error.WriteLine(session.Say(error.Text));
        throw CliException.Usage($"{path} 有 {result.Errors.Count} 处错误", $"{path} has {result.Errors.Count} errors",
            "testbed claim init > lab.yaml");
    }
}
