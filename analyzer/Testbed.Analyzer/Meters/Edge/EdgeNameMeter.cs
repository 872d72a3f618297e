using System.Net;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Meters.Records;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Edge;

/// <summary>
/// EDG-003: the share of questions that were answered with the edge's address by an answer that came over N3. One that
/// did not was given by the kit itself, or by somebody between it and the gNB. That the address is the edge's the claim
/// says; the packets that the UE then sent there show it.
/// </summary>
internal sealed class EdgeNameMeter : IMeter
{
    private const string Id = "edge-discovery-ratio";
    private const string Source = "edge-name-meter";
    private const int DnsPort = 53;
    private const long MarginNs = 1_000_000;

    /// <summary>A question and its answer, as the kit wrote them down.</summary>
    /// <param name="Code">Response code as a number, or <c>none</c> without an answer.</param>
    private readonly record struct Row(
        ushort LocalPort, long SentNs, long ReceivedNs, string Code, string Addresses, bool IsRight);

    private readonly record struct Seen(long TimeNs, string Evidence);

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (!context.HasN3) return;
        foreach (EdgeNameContext name in context.Request.Run?.EdgeNames ?? []) output.Kpis.Add(Measure(context, name));
    }

    private static KpiResult Measure(AnalysisContext context, EdgeNameContext name)
    {
        List<Row> rows = Read(name.RecordPath);
        Row[] right = [.. rows.Where(row => row.IsRight)];
        List<string> evidence = [];
        Dictionary<FlowKey, Seen> onN3 = OnN3(context, name, rows);
        int crossed = right.Count(row => Crossed(context, name, row, onN3, evidence));
        EdgeNameLead[] leads = [.. EdgeNameLead.Of(
            context, name, [.. right.SelectMany(row => row.Addresses.Split(' '))])];
        bool isCentral = leads.Any(lead => lead.IsCentral);
        int proven = isCentral ? 0 : crossed;
        long hidden = isCentral ? 0 : Math.Min(Figures.Dropped(context, EdgeTaps.IsN3), right.Length - crossed);
        decimal ratio = rows.Count == 0 ? 0 : Figures.Ratio((double)proven / rows.Count);
        KpiResult result = Figures.Exact(Id, ratio, rows.Count, Source) with
        {
            Scope = name.Name, Direction = Direction.RoundTrip, Layer = Layer.Inner,
            CaptureLossHigh = rows.Count == 0 ? 0 : Figures.Ratio((double)hidden / rows.Count),
            Evidence =
            [
                .. leads.SelectMany(lead => lead.Evidence).Take(Figures.EvidenceMax / 2),
                .. evidence.Take(Figures.EvidenceMax / 2 - 1), Path.GetFileName(name.RecordPath),
            ],
            // What fails it first: the judge names that as the cause.
            Findings =
            [
                .. leads.Where(lead => lead.IsCentral).Select(lead => lead.Say(context)),
                Say(name, rows, right.Length, crossed),
                .. leads.Where(lead => !lead.IsCentral).Select(lead => lead.Say(context)),
            ],
        };
        if (isCentral) return result;
        if (right.Length > 0 && crossed == 0 && !IsHeard(context, name.UeAddress))
            return Unheard(context, name, result);
        LocalText? why = rows.All(row => row.Code == "none") && !name.ServerIsClaimed
            ? new($"申报未给出 DNS 服务器（edge.dns），{name.Server} 亦无应答",
                $"the claim names no DNS server (edge.dns) and none answers at {name.Server}")
            : crossed == rows.Count ? leads.Select(lead => lead.Doubt(context)).FirstOrDefault(each => each is not null)
            : null;
        return why is null ? result : result with { NotUsable = why, NotUsableVerdict = Verdict.Inconclusive };
    }

    /// <summary>IPsec on N3 is good security and hides what came over it; a tap may stand beside another UPF.</summary>
    private static KpiResult Unheard(AnalysisContext context, EdgeNameContext name, KpiResult result) =>
        context.Taps.Any(tap => EdgeTaps.IsN3(tap) && tap.Tally.Esp > 0)
            ? result with
            {
                NotUsable = new("N3 已加密（ESP），看不到查询与应答是否经由 N3",
                    "N3 is encrypted (ESP), so it cannot be seen whether question and answer crossed it"),
                NotUsableVerdict = Verdict.NotMeasurable,
            }
            : result with
            {
                NotUsable = new(
                    $"N3 上没有终端 {name.UeAddress} 的报文：采集点可能不在其 UPF 上，或其前的 CPE 转换了地址；请核对采集点，并将 CPE 设为桥接",
                    $"N3 shows nothing of UE {name.UeAddress}: the tap may stand beside another UPF, or a CPE "
                        + "translates the address. See where the tap is, and put the CPE into bridge mode"),
                NotUsableVerdict = Verdict.Inconclusive,
            };

    // In clear: where N3 carries this UE's other packets, answers that it did not carry came another way.
    private static bool IsHeard(AnalysisContext context, IPAddress address)
    {
        HostAddress ue = HostAddress.From(address);
        foreach (TapCapture tap in context.Taps)
        {
            if (!EdgeTaps.IsN3(tap)) continue;
            bool[] isOfUe = [.. Enumerable.Range(0, tap.Decoder.Flows.Count)
                .Select(flow => tap.Decoder.Flows[flow]).Select(flow => flow.Source == ue || flow.Destination == ue)];
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Kind is RecordKind.Gpdu && record.Flow >= 0 && isOfUe[record.Flow]) return true;
            }
        }
        return false;
    }

    private static FlowKey Up(EdgeNameContext name, in Row row) => new(
        HostAddress.From(name.UeAddress), HostAddress.From(name.Server), row.LocalPort, DnsPort, IpProtocol.Udp);

    private static FlowKey Back(in FlowKey flow) =>
        new(flow.Destination, flow.Source, flow.DestinationPort, flow.SourcePort, flow.Protocol);

    private static bool Crossed(
        AnalysisContext context, EdgeNameContext name, in Row row, Dictionary<FlowKey, Seen> seen,
        List<string> evidence)
    {
        long bound = context.Request.Run!.ClockBoundNs + MarginNs;
        TimeWindow window = new(row.SentNs - bound, row.ReceivedNs + bound);
        FlowKey up = Up(name, row);
        if (!seen.TryGetValue(up, out Seen asked) || !seen.TryGetValue(Back(up), out Seen answered)
            || !window.Contains(asked.TimeNs) || !window.Contains(answered.TimeNs)) return false;
        evidence.Add(asked.Evidence);
        evidence.Add(answered.Evidence);
        return true;
    }

    // Each question has a port of its own, so the first packet of its flow is the question, or its answer.
    private static Dictionary<FlowKey, Seen> OnN3(AnalysisContext context, EdgeNameContext name, List<Row> rows)
    {
        HashSet<FlowKey> wanted = [.. rows.Select(row => Up(name, row))];
        wanted.UnionWith([.. wanted.Select(flow => Back(flow))]);
        Dictionary<FlowKey, Seen> seen = [];
        foreach (TapCapture tap in context.Taps)
        {
            if (!EdgeTaps.IsN3(tap)) continue;
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Kind is not RecordKind.Gpdu || record.Flow < 0) continue;
                FlowKey flow = tap.Flow(record);
                if (flow.Protocol == IpProtocol.Udp && wanted.Contains(flow))
                    seen.TryAdd(flow, new(record.TimeNs, tap.Evidence(record)));
            }
        }
        return seen;
    }

    private static List<Row> Read(string path)
    {
        RecordTable table = RecordTable.Read(path);
        int port = table.Column("localPort"), sent = table.Column("sentNs"), received = table.Column("receivedNs");
        int code = table.Column("code"), addresses = table.Column("addresses"), right = table.Column("right");
        List<Row> rows = [];
        for (int i = 0; i < table.Rows.Count; i++)
            rows.Add(new(
                (ushort)table.Number(i, port), table.Number(i, sent), table.Number(i, received), table.Rows[i][code],
                table.Rows[i][addresses], table.Number(i, right) != 0));
        return rows;
    }

    private static LocalText Say(EdgeNameContext name, List<Row> rows, int right, int proven)
    {
        int answered = rows.Count(row => row.Code != "none");
        string[] others = [.. rows.Where(row => row is { IsRight: false, Code: not "none" })
            .Select(row => row.Addresses.Length > 0 ? row.Addresses : $"RCODE {row.Code}").Distinct().Take(3)];
        string zh = others.Length == 0 ? "" : $"，其余得到 {string.Join("、", others)}";
        string en = others.Length == 0 ? "" : $"; others got {string.Join(", ", others)}";
        return new(
            $"向 {name.Server} 查询 {name.Name} {rows.Count} 次：应答 {answered}，指向边缘 {right}，"
                + $"其中经 N3 到达 {proven}{zh}",
            $"{rows.Count} questions to {name.Server} for {name.Name}: {answered} answered, {right} with the edge, "
                + $"{proven} of these over N3{en}");
    }
}
