using System.CommandLine;
using Testbed.Cli.Output;
using Testbed.Conformance.Claims;

namespace Testbed.Cli.Commands;

/// <summary>
/// <c>testbed claim lint</c>: all that is wrong with a claim file, each with its place and an example.
/// </summary>
internal static class ClaimLintCommand
{
    private static readonly Argument<string> File = new("lab.yaml") { Description = "the claim · 声明文件" };

    public static Command Build()
    {
        var command = new Command("lint", "check a claim file · 检查声明文件") { File };
        command.SetAction(parsed => Lint(SharedOptions.Open(parsed), parsed.GetRequiredValue(File)));
        return command;
    }

    private static int Lint(Session session, string path)
    {
        Claim claim = ClaimFiles.Read(session, path);
        session.Out.WriteLine(session.Say(
            $"{path}：正确（{claim.Slices.Count} 个切片，{claim.Taps.Count} 个采集点，{claim.Scenarios.Count} 个场景）",
            $"{path}: correct ({claim.Slices.Count} slices, {claim.Taps.Count} taps, "
            + $"{claim.Scenarios.Count} scenarios)"));
        return ExitCode.AllPass;
    }
}
