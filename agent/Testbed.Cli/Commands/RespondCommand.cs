using System.CommandLine;
using System.Globalization;
using System.Net;
using Testbed.Cli.Output;
using Testbed.Cli.Probing;
using Testbed.Probes;

namespace Testbed.Cli.Commands;

/// <summary><c>testbed respond</c>: answers probes on this host, by hand, until Ctrl-C.</summary>
internal static class RespondCommand
{
    private static readonly Option<string> Address = new("--address")
    {
        Description = "address to answer on · 应答地址", HelpName = "ADDRESS", DefaultValueFactory = _ => "0.0.0.0",
    };
    private static readonly Option<int> Port = HandProbe.PortOption();
    private static readonly Option<string?> Key = HandProbe.KeyOption();

    public static Command Build()
    {
        var command = new Command("respond", "answer probes that are run by hand · 应答探测") { Address, Port, Key };
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Open(parsed), parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Session session, ParseResult parsed, CancellationToken cancellation)
    {
        string text = parsed.GetRequiredValue(Address);
        if (!IPAddress.TryParse(text, out IPAddress? address))
            throw CliException.Usage(
                $"--address {text}：不是 IP 地址", $"--address {text}: no IP address", "--address 10.0.0.2");
        int port = HandProbe.Port(parsed.GetValue(Port));
        byte[] key = HandProbe.Key(parsed.GetValue(Key), isRequired: false);
        string host = IPAddress.Any.Equals(address) || IPAddress.IPv6Any.Equals(address) ? "HOST" : text;
        session.Out.WriteLine($"testbed probe stamp {host} --port {port} --key {Convert.ToHexStringLower(key)}");
        session.Out.WriteLine($"testbed probe capacity {host} --port {port} --key {Convert.ToHexStringLower(key)}");
        session.Note("在另一端执行以上命令；按 Ctrl-C 结束", "run one of these at the other end; Ctrl-C ends this");
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<ProbeOutcome>[] responders =
        [
            Start("stamp-reflector", HandProbe.StampOffset), Start("capacity-server", HandProbe.CapacityOffset),
        ];
        // The first to end ends all: a responder that cannot have its port is no responder.
        Task<ProbeOutcome> first = await Task.WhenAny(responders);
        await both.CancelAsync();
        await ((Task)Task.WhenAll(responders)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellation.IsCancellationRequested) return ExitCode.AllPass;
        return HandProbe.Print(session, await first);

        Task<ProbeOutcome> Start(string kind, int offset) => HandProbe.RunAsync(kind, key,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["address"] = text,
                ["port"] = (port + offset).ToString(CultureInfo.InvariantCulture),
                ["session"] = HandProbe.StampSession,
            }, new HandHost(session, null), both.Token);
    }
}
