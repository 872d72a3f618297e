using System.CommandLine;
using Testbed.Cli.Output;

namespace Testbed.Cli.Commands;

/// <summary><c>testbed agent run</c>: the worker of one kit, until the server says goodbye.</summary>
internal static class AgentRunCommand
{
    private static readonly Option<string> Kit = new("--kit")
    {
        Description = "name of this kit in the claim · 套件名称", HelpName = "KIT", Required = true,
    };
    private static readonly Option<string> Connect = new("--connect")
    {
        Description = "the server, as unix:PATH · 服务器", HelpName = "unix:PATH", Required = true,
    };

    public static Command Build()
    {
        var command = new Command("run", "serve a kit's tasks · 运行代理") { Kit, Connect };
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Open(parsed), parsed, cancellation));
        return command;
    }

    private static Task<int> RunAsync(Session session, ParseResult parsed, CancellationToken cancellation) =>
        throw new CliException(ExitCode.Defect, new("此构建尚不含代理", "this build has no agent yet"));
}
