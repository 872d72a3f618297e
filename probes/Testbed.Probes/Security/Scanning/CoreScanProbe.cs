using System.Text;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Probes.Security.Trials;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Security.Scanning;

/// <summary>
/// SEC-002: from a UE, which of the core's addresses and ports answer. Before it starts, ordinary packets must reach
/// the UE's own data network and come back. Parameters: those of a control trial (<see cref="TrialOrder"/>), addresses
/// (up to 64) and ports (up to 64, as <c>38412/sctp</c>), both with commas between. Each address gets an ICMP echo too.
/// </summary>
internal sealed class CoreScanProbe : IProbe
{
    private const string RecordName = "core-scan.csv";
    private const int AddressesMax = 64, PortsMax = 64, NamesMax = 10;
    /// <summary>Share of control packets that must come back for silence to mean something.</summary>
    private const double ControlShareMin = 0.9;

    public string Kind => "core-scan";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        TrialOrder control = TrialOrder.Read(task);
        ScanTarget[] targets = Targets(parameters, task);
        byte[] nonce = parameters.RunNonce.ToArray(), key = ProbeKeys.Derive(nonce, "testbed core scan v1");
        return ProbeThread.GuardAsync(async () =>
        {
            using Wake wake = new(cancellation);
            TrialSender path = new(control, nonce, wake);
            DatagramScan datagrams = new(control.Local, control.LocalPort,
                [.. targets.Where(target => target.Protocol is not ScanProtocol.Tcp)], key, host.Time, wake);
            Task<bool> work = ProbeThread.RunAsync(Kind, () =>
            {
                path.Run();
                if (IsPathUp(path)) datagrams.Run();
                return true;
            });
            await ProbeThread.WithProgressAsync(work, host, () => (path.Sent / (2.0 * control.Count), null));
            cancellation.ThrowIfCancellationRequested();
            if (!IsPathUp(path)) return new([], [], PathDown(control, path));
            await TcpScan.RunAsync(
                control.Local, [.. targets.Where(target => target.Protocol is ScanProtocol.Tcp)], cancellation);
            Write(targets, host);
            KpiResult reached = Judge(targets, path, $"{Kind}@{host.Kit}") with { Scope = control.Slice };
            return new ProbeOutcome([reached], [RecordName]);
        });
    }

    private static bool IsPathUp(TrialSender path) => path.Answered > 0 && path.Answered >= ControlShareMin * path.Sent;

    private static ScanTarget[] Targets(ProbeParameters parameters, ProbeTask task)
    {
        string? text = task.Parameters.GetValueOrDefault("ports");
        string[] words = (text ?? "").Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        List<(int Port, ScanProtocol Protocol)> ports = [];
        foreach (string word in words)
            ports.Add(ScanTarget.TryParsePort(word, out int port, out ScanProtocol protocol)
                ? (port, protocol)
                : throw new ProbeParameterException("ports", "ports such as 38412/sctp with commas between", text));
        if (ports.Count is 0 or > PortsMax)
            throw new ProbeParameterException("ports", $"1 to {PortsMax} ports", text);
        return
        [
            .. parameters.Addresses("addresses", AddressesMax).SelectMany(address =>
                ports.Select(each => new ScanTarget(address, each.Protocol, each.Port))
                    .Prepend(new(address, ScanProtocol.Icmp, 0))),
        ];
    }

    private static LocalText PathDown(TrialOrder control, TrialSender path) => new(
        $"终端 {control.Local} 到其数据网 {control.Remote} 的 {path.Sent} 个报文只有 {path.Answered} 个得到应答，扫描没有意义",
        $"of {path.Sent} packets from UE {control.Local} to its own data network {control.Remote} {path.Answered} were "
            + "answered, so a scan would show nothing");

    private static void Write(ScanTarget[] targets, IProbeHost host)
    {
        using RecordWriter record = new(host.CreateRecord(RecordName), "address,protocol,port,answer");
        foreach (ScanTarget target in targets)
            record.Add(Encoding.ASCII.GetBytes($"{target.Address}"))
                .Add(Encoding.ASCII.GetBytes(ScanTarget.Word(target.Protocol))).Add(target.Port)
                .Add(Encoding.ASCII.GetBytes($"{target.Answer}")).EndRow();
    }

    internal static KpiResult Judge(IReadOnlyList<ScanTarget> targets, TrialSender path, string source)
    {
        ScanTarget[] open = [.. targets.Where(target => target.Answer is ScanAnswer.Open)];
        ScanTarget[] refused = [.. targets.Where(target => target.Answer is ScanAnswer.Refused)];
        int tried = targets.Count(target => target.Answer is not ScanAnswer.NotSent);
        KpiResult result = new()
        {
            Id = "core-services-reachable",
            Value = open.Length,
            Low = open.Length,
            High = open.Length,
            Unit = "1",
            Samples = tried,
            Direction = Direction.RoundTrip,
            Layer = Layer.Ip,
            Source = source,
            Evidence = [RecordName],
            Findings =
            [
                new($"{tried} 次尝试中 {open.Length} 次得到应答{Names(open, "：")}；对照：{path.Sent} 个报文中 "
                    + $"{path.Answered} 个往返数据网",
                    $"{open.Length} of {tried} tries were answered{Names(open, ": ")}; control: {path.Answered} of "
                    + $"{path.Sent} packets went to the data network and back"),
            ],
        };
        if (open.Length > 0 || refused.Length == 0) return result;
        return result with
        {
            NotUsable = new(
                $"以核心网地址的名义拒绝了 {refused.Length} 次连接{Names(refused, "：")}；拒绝者可能是主机本身，也可能是过滤设备",
                $"{refused.Length} tries were refused in the name of a core address{Names(refused, ": ")}: by the host "
                    + "itself or by a filter in its place; a filter that drops silently would settle it"),
            NotUsableVerdict = Verdict.Inconclusive,
        };
    }

    private static string Names(ScanTarget[] targets, string before) => targets.Length == 0 ? ""
        : before + string.Join(", ", targets.Take(NamesMax).Select(target => target.Name));
}
