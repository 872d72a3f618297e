using System.CommandLine;
using Testbed.Cli.Output;

namespace Testbed.Cli.Commands;

/// <summary><c>testbed run lab.yaml</c>: one inspection, from the frozen plan to the report.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> Claim = new("lab.yaml") { Description = "the claim · 声明文件" };

    private static readonly Option<string> Plan = MakePlan();
    private static readonly Option<string[]> Only = new("--only")
    {
        Description = "only these requirements, e.g. 'SLC-*' · 只执行", HelpName = "PATTERN",
    };
    private static readonly Option<string[]> Skip = new("--skip")
    {
        Description = "not these requirements · 跳过", HelpName = "PATTERN",
    };
    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "print the plan, send nothing · 只打印计划",
    };
    private static readonly Option<string?> Out = new("--out")
    {
        Description = "run folder; default runs/<id> · 运行目录", HelpName = "DIR",
    };
    private static readonly Option<string?> Socket = new("--socket")
    {
        Description = "Unix socket on which agents dial in · 代理连接的套接字", HelpName = "PATH",
    };

    public static Command Build()
    {
        var command = new Command("run", "inspect the testbed that a claim describes · 执行核验")
        {
            Claim, Plan, Only, Skip, DryRun, Out, Socket,
        };
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Open(parsed), parsed, cancellation));
        return command;
    }

    private static Option<string> MakePlan()
    {
        var option = new Option<string>("--plan")
        {
            Description = "quick or full · 计划", HelpName = "quick|full", DefaultValueFactory = _ => "full",
        };
        option.AcceptOnlyFromAmong("quick", "full");
        return option;
    }

    private static Task<int> RunAsync(Session session, ParseResult parsed, CancellationToken cancellation) =>
        throw new CliException(ExitCode.Defect, new("此构建尚不含运行协调", "this build has no run coordinator yet"));
}
