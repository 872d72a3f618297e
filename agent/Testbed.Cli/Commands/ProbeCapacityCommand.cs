using System.CommandLine;
using System.Globalization;
using System.Net;
using Testbed.Cli.Output;
using Testbed.Cli.Probing;

namespace Testbed.Cli.Commands;

/// <summary>
/// <c>testbed probe capacity HOST</c>: largest rate to or from a host on which <c>testbed respond</c> runs.
/// </summary>
internal static class ProbeCapacityCommand
{
    private static readonly Argument<string> Host = new("HOST") { Description = "the responder · 应答端" };
    private static readonly Option<int> Port = HandProbe.PortOption();
    private static readonly Option<string?> Key = HandProbe.KeyOption();
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
            Host, Port, Key, Direction, Runs, Seconds, MaxMbps,
        };
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
        byte[] key = HandProbe.Key(parsed.GetValue(Key), isRequired: true);
        IPAddress remote = await HandProbe.ResolveAsync(parsed.GetRequiredValue(Host), cancellation);
        Dictionary<string, string> parameters = new(StringComparer.Ordinal)
        {
            ["localAddress"] = LocalAddress.Towards(remote).ToString(),
            ["localPort"] = "0",
            ["remoteAddress"] = remote.ToString(),
            ["port"] = Text(HandProbe.Port(parsed.GetValue(Port)) + HandProbe.CapacityOffset),
            ["direction"] = parsed.GetRequiredValue(Direction),
            ["runs"] = Text(parsed.GetValue(Runs)),
            ["seconds"] = Text(parsed.GetValue(Seconds)),
            ["maxMbps"] = Text(parsed.GetValue(MaxMbps)),
            ["payloadBytes"] = "1200",
        };
        return HandProbe.Print(session, await HandProbe.RunAsync("capacity-client", key, parameters,
            new HandHost(session, null), cancellation));
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
