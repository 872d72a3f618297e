using System.CommandLine;
using Testbed.Agent;
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
    private static readonly Option<string?> Spool = new("--spool")
    {
        Description = "where evidence waits for its receipt · 暂存目录", HelpName = "DIR",
    };

    public static Command Build()
    {
        var command = new Command("run", "serve a kit's tasks · 运行代理") { Kit, Connect, Spool };
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Open(parsed), parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Session session, ParseResult parsed, CancellationToken cancellation)
    {
        AgentOptions options = new()
        {
            Kit = parsed.GetRequiredValue(Kit), Connect = parsed.GetRequiredValue(Connect),
            Version = ProductVersion.Version,
        };
        if (parsed.GetValue(Spool) is { } spool) options = options with { SpoolFolder = spool };
        try
        {
            await AgentHost.RunAsync(options, cancellation, session.Error);
            return ExitCode.AllPass;
        }
        catch (AgentException ended)
        {
            throw new CliException(CodeOf(ended.Fault), ended.Text, ended.Remedy);
        }
    }

    private static int CodeOf(AgentFault fault) => fault switch
    {
        AgentFault.BadOption => ExitCode.Usage,
        AgentFault.ServerLost => ExitCode.Undecided,
        _ => ExitCode.Preflight,
    };
}
