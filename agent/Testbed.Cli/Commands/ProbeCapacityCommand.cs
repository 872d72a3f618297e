using System.CommandLine;
using Testbed.Cli.Output;
using Testbed.Cli.Probing;

namespace Testbed.Cli.Commands;

/// <summary>
/// <c>testbed probe capacity HOST</c>: largest rate to or from a host on which <c>testbed respond</c> runs.
/// </summary>
internal static class ProbeCapacityCommand
{
    private static readonly ProbeTarget Target = new();
    private static readonly Option<string> Direction = MakeDirection();
    private static readonly Option<int> Runs = new("--runs")
    {
        Description = "searches · 搜索次数", HelpName = "N", DefaultValueFactory = _ => 3,
    };
    private static readonly Option<int> Seconds = new("--seconds")
    {
        Description = "length of a search · 每次时长", HelpName = "S", DefaultValueFactory = _ => 10,
    };
    private static readonly Option<decimal> MaxMbps = new("--max")
    {
        Description = "never send more, Mbit/s · 速率上限", HelpName = "MBPS", DefaultValueFactory = _ => 100,
    };

    public static Command Build()
    {
        var command = new Command("capacity", "search for the largest rate · 测量容量")
        {
            Direction, Runs, Seconds, MaxMbps,
        };
        Target.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Open(parsed), parsed, cancellation));
        return command;
    }

    private static Option<string> MakeDirection()
    {
        var option = new Option<string>("--direction")
        {
            Description = "downlink (from HOST) or uplink · 方向", HelpName = "downlink|uplink",
            DefaultValueFactory = _ => "downlink",
        };
        option.AcceptOnlyFromAmong("downlink", "uplink");
        return option;
    }

    private static async Task<int> RunAsync(Session session, ParseResult parsed, CancellationToken cancellation)
    {
        (byte[] key, Dictionary<string, string> parameters) =
            await Target.ReadAsync(parsed, HandProbe.CapacityOffset, cancellation);
        parameters["direction"] = parsed.GetRequiredValue(Direction);
        parameters["runs"] = ProbeTarget.Text(parsed.GetValue(Runs));
        parameters["seconds"] = ProbeTarget.Text(parsed.GetValue(Seconds));
        parameters["maxMbps"] = ProbeTarget.Text(parsed.GetValue(MaxMbps));
        parameters["payloadBytes"] = "1200";
        return HandProbe.Print(session, await HandProbe.RunAsync("capacity-client", key, parameters,
            new HandHost(session, null), cancellation));
    }
}
