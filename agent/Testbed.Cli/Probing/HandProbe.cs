using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Testbed.Cli.Output;
using Testbed.Conformance.Reports;
using Testbed.Conformance.Results;
using Testbed.Probes;

namespace Testbed.Cli.Probing;

/// <summary>What the commands that run probes by hand share: the key, the ports, the way a probe is run.</summary>
internal static class HandProbe
{
    /// <summary>First of the three ports that <c>respond</c> answers on: STAMP, capacity, density.</summary>
    public const int PortDefault = 20_000;
    public const int StampOffset = 0;
    public const int CapacityOffset = 1;
    public const int DensityOffset = 2;
    public const string StampSession = "1";
    private const int KeyBytes = 32;

    public static Option<string?> KeyOption() => new("--key")
    {
        Description = "64 hex digits that both ends share · 共享密钥", HelpName = "HEX",
    };

    public static Option<int> PortOption() => new("--port")
    {
        Description = "first of three UDP ports · 起始端口", HelpName = "PORT", DefaultValueFactory = _ => PortDefault,
    };

    public static byte[] Key(string? text, bool isRequired)
    {
        if (text is null && !isRequired) return RandomNumberGenerator.GetBytes(KeyBytes);
        try
        {
            if (text is not null && Convert.FromHexString(text) is { Length: KeyBytes } key) return key;
        }
        catch (FormatException)
        {
            // Said below, together with what would be right.
        }
        throw CliException.Usage($"--key：应为 {KeyBytes * 2} 位十六进制，由 testbed respond 打印",
            $"--key: expected the {KeyBytes * 2} hex digits that testbed respond prints",
            "testbed probe stamp 10.0.0.2 --key " + new string('0', KeyBytes * 2));
    }

    public static int Port(int first) => first is > 0 and <= ushort.MaxValue - DensityOffset ? first
        : throw CliException.Usage(
            $"--port {first}：应为 1 至 65533", $"--port {first}: expected 1 to 65533", "--port 20000");

    public static async Task<IPAddress> ResolveAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out IPAddress? address)) return address;
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(host, cancellation);
            if (found.Length > 0) return found[0];
        }
        catch (SocketException)
        {
            // Said below: an unknown name and an unusable one are the same to the user.
        }
        throw CliException.Usage($"无法解析主机 {host}", $"cannot resolve host {host}", "testbed probe stamp 10.0.0.2");
    }

    public static async Task<ProbeOutcome> RunAsync(
        string kind, byte[] key, IReadOnlyDictionary<string, string> parameters, IProbeHost host,
        CancellationToken cancellation)
    {
        IProbe probe = ProbeCatalogue.Find(kind) ?? throw new InvalidOperationException($"no probe {kind}");
        try
        {
            return await probe.RunAsync(new(kind, kind, key, parameters), host, cancellation);
        }
        catch (ProbeParameterException wrong)
        {
            throw CliException.Usage(wrong.Message, wrong.Message);
        }
        catch (IOException fault)
        {
            throw new CliException(ExitCode.Preflight, new($"无法使用套接字：{fault.Message}", $"socket: {fault.Message}"));
        }
    }

    public static int Print(Session session, ProbeOutcome outcome)
    {
        if (session.IsErrorTerminal && !session.IsQuiet) session.Error.Write($"\r{"",-60}\r");
        foreach (KpiResult kpi in outcome.Kpis)
        {
            string interval = kpi.Low == kpi.High ? "" : $"  {FigureText.Interval(kpi)}";
            session.Out.WriteLine(
                $"{kpi.Id,-28}{FigureText.WithUnit(kpi.Value, kpi.Unit)}{interval}  n={kpi.Samples}");
            foreach (var finding in kpi.Findings.Append(kpi.NotUsable).OfType<Conformance.LocalText>())
                session.Out.WriteLine($"    {session.Say(finding)}");
        }
        if (outcome.Problem is not { } problem) return ExitCode.AllPass;
        throw new CliException(ExitCode.Undecided, problem);
    }
}
