using System.CommandLine;
using Testbed.Cli.Commands;
using Testbed.Cli.Output;

namespace Testbed.Cli;

/// <summary>The composition root: every command.</summary>
internal static class CommandLine
{
    public static RootCommand Compose()
    {
        var root = new RootCommand("verifier of 5G security testbeds · 5G安全测评环境核验工具")
        {
            SharedOptions.Language,
            SharedOptions.Quiet,
            RunCommand.Build(),
            AnalyzeCommand.Build(),
            CaptureCommand.Build(),
            new Command("probe", "run one probe by hand · 手动探测")
            {
                ProbeStampCommand.Build(), ProbeCapacityCommand.Build(),
            },
            RespondCommand.Build(),
            new Command("claim", "write and check claims · 声明文件")
            {
                ClaimInitCommand.Build(), ClaimLintCommand.Build(), ClaimShowCommand.Build(),
            },
            ExplainCommand.Build(),
            DoctorCommand.Build(),
            new Command("agent", "probe agent of a kit · 探针代理") { AgentRunCommand.Build() },
        };
        return root;
    }

    public static Task<int> RunAsync(string[] args) => Invocation.RunAsync(Compose(), args);
}
