using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Testbed.Cli.Output;
using Testbed.Cli.Probing;

namespace Testbed.Cli.Commands;

/// <summary><c>testbed probe stamp HOST</c>: round trips to a host on which <c>testbed respond</c> runs.</summary>
internal static class ProbeStampCommand
{
    private static readonly Argument<string> Host = new("HOST") { Description = "the responder · 应答端" };
    private static readonly Option<int> Port = HandProbe.PortOption();
    private static readonly Option<string?> Key = HandProbe.KeyOption();
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
            Host, Port, Key, Count, Rate, Bytes, Deadline, Records,
        };
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Open(parsed), parsed, cancellation));
        return command;
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
            ["port"] = Text(HandProbe.Port(parsed.GetValue(Port)) + HandProbe.StampOffset),
            ["session"] = HandProbe.StampSession,
            ["count"] = Text(parsed.GetValue(Count)),
            ["ratePps"] = Text(parsed.GetValue(Rate)),
            ["packetBytes"] = Text(parsed.GetValue(Bytes)),
            ["deadlineMs"] = Text(parsed.GetValue(Deadline)),
        };
        return HandProbe.Print(session, await HandProbe.RunAsync("stamp-sender", key, parameters,
            new HandHost(session, parsed.GetValue(Records)), cancellation));
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>Which of this host's addresses a packet to a peer starts from: the kernel's own choice.</summary>
internal static class LocalAddress
{
    public static IPAddress Towards(IPAddress remote)
    {
        using Socket socket = new(remote.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect(remote, 9); // No packet is sent: connecting a datagram socket only looks up the route.
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException unreachable)
        {
            throw new CliException(ExitCode.Preflight, new(
                $"没有到 {remote} 的路由：{unreachable.Message}", $"no route to {remote}: {unreachable.Message}"));
        }
    }
}
