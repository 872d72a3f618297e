using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Testbed.Cli.Output;

namespace Testbed.Cli.Probing;

/// <summary>The far end that a probe command names: host, ports, key.</summary>
internal sealed class ProbeTarget
{
    private readonly Argument<string> _host = new("HOST") { Description = "the responder · 应答端" };
    private readonly Option<int> _port = HandProbe.PortOption();
    private readonly Option<string?> _key = HandProbe.KeyOption();

    public void AddTo(Command command)
    {
        command.Arguments.Add(_host);
        command.Options.Add(_port);
        command.Options.Add(_key);
    }

    /// <summary>The key, and the parameters of a probe from here to there; further ones may be added.</summary>
    /// <param name="portOffset">Which of the responder's ports.</param>
    public async Task<(byte[] Key, Dictionary<string, string> Parameters)> ReadAsync(
        ParseResult parsed, int portOffset, CancellationToken cancellation)
    {
        byte[] key = HandProbe.Key(parsed.GetValue(_key), isRequired: true);
        IPAddress remote = await HandProbe.ResolveAsync(parsed.GetRequiredValue(_host), cancellation);
        return (key, new(StringComparer.Ordinal)
        {
            ["localAddress"] = LocalAddressTowards(remote).ToString(),
            ["localPort"] = "0",
            ["remoteAddress"] = remote.ToString(),
            ["port"] = Text(HandProbe.Port(parsed.GetValue(_port)) + portOffset),
        });
    }

    public static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>Which of this host's addresses a packet to a peer starts from: the kernel's own choice.</summary>
    private static IPAddress LocalAddressTowards(IPAddress remote)
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
