using System.CommandLine;
using Testbed.Cli.Output;
using Testbed.Cli.Probing;

namespace Testbed.Cli.Commands;

/// <summary><c>testbed probe stamp HOST</c>: round trips to a host on which <c>testbed respond</c> runs.</summary>
internal static class ProbeStampCommand
{
    private static readonly ProbeTarget Target = new();
    private static readonly Option<int> Count = new("--count")
    {
        Description = "packets · 报文数", HelpName = "N", DefaultValueFactory = _ => 3_000,
    };
    private static readonly Option<decimal> Rate = new("--rate")
    {
        Description = "packets a second · 每秒报文数", HelpName = "PPS", DefaultValueFactory = _ => 500,
    };
    private static readonly Option<int> Bytes = new("--bytes")
    {
        Description = "STAMP packet length · 报文长度", HelpName = "N", DefaultValueFactory = _ => 112,
    };
    private static readonly Option<decimal> Deadline = new("--deadline")
    {
        Description = "later than this is lost, ms · 时限", HelpName = "MS", DefaultValueFactory = _ => 1_000,
    };
    private static readonly Option<string?> Records = new("--records")
    {
        Description = "folder for the record of each packet · 记录目录", HelpName = "DIR",
    };

    public static Command Build()
    {
        var command = new Command("stamp", "measure round trips · 测量往返时延")
        {
            Count, Rate, Bytes, Deadline, Records,
        };
        Target.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Open(parsed), parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Session session, ParseResult parsed, CancellationToken cancellation)
    {
        (byte[] key, Dictionary<string, string> parameters) =
            await Target.ReadAsync(parsed, HandProbe.StampOffset, cancellation);
        parameters["session"] = HandProbe.StampSession;
        parameters["count"] = ProbeTarget.Text(parsed.GetValue(Count));
        parameters["ratePps"] = ProbeTarget.Text(parsed.GetValue(Rate));
        parameters["packetBytes"] = ProbeTarget.Text(parsed.GetValue(Bytes));
        parameters["deadlineMs"] = ProbeTarget.Text(parsed.GetValue(Deadline));
        return HandProbe.Print(session, await HandProbe.RunAsync("stamp-sender", key, parameters,
            new HandHost(session, parsed.GetValue(Records)), cancellation));
    }
}
