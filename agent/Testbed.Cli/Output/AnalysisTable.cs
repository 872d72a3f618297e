using Testbed.Analyzer;
using Testbed.Cli.Output.Details;
using Testbed.Conformance;

namespace Testbed.Cli.Output;

/// <summary>An analysis for people: a fact a line, nothing that was not there, 80 columns.</summary>
internal static class AnalysisTable
{
    public static void Print(Session session, AnalysisResult result)
    {
        bool isControlOnly = result.N3.Packets == 0 && (result.N2 is not null || result.Sbi is not null);
        if (!isControlOnly) Tap(session, "N3", result.N3);
        if (result.N6.Packets > 0) Tap(session, "N6", result.N6);
        if (result.N2 is { } n2) N2Table.Print(session, n2);
        if (result.Sbi is { } sbi) Sbi(session, sbi);
        if (!isControlOnly) GtpU(session, result.GtpU);
        if (result.N3.Packets > 0 && result.N6.Packets > 0) Match(session, result.Match);
        foreach ((string name, SliceSummary slice) in result.Slices.Where(_ => !isControlOnly))
        {
            Direction(session, $"{name} {session.Say("上行", "uplink")}", slice.Uplink);
            Direction(session, $"{name} {session.Say("下行", "downlink")}", slice.Downlink);
        }
        foreach (LocalText finding in result.Findings) FactLines.Paragraph(session, $"* {session.Say(finding)}");
        if (result.Details is { } details) new DetailsTable(session, details).Print();
        if (result.KeptBecause is { } why)
            session.Note($"报文全部读入内存后分析：{why.Zh}", $"packets were kept in memory to be understood: {why.En}");
        session.Note($"{result.ElapsedMs} ms，每秒 {result.PacketsPerSecond:N0} 帧",
            $"{result.ElapsedMs} ms, {result.PacketsPerSecond:N0} frames a second");
    }

    internal static void Tap(Session session, string name, TapSummary tap)
    {
        double seconds = (tap.LastNs - tap.FirstNs) / 1e9;
        Line(session, name, session.Say(
            $"{tap.Packets:N0} 帧，{tap.Bytes:N0} 字节，{seconds:0.000} 秒，解码 {tap.Decoded:N0}",
            $"{tap.Packets:N0} frames, {tap.Bytes:N0} bytes, {seconds:0.000} s, decoded {tap.Decoded:N0}"));
        Reasons(session, session.Say("未解码", "not decoded"), tap.NotDecoded);
        Reasons(session, session.Say("另见", "also met"), tap.Noticed);
    }

    private static void Sbi(Session session, SbiSummary sbi)
    {
        Line(session, "SBI", session.Say(
            $"HTTP/2 连接 {sbi.Connections:N0}", $"HTTP/2 connections {sbi.Connections:N0}"));
        Reasons(session, session.Say("未能跟踪", "given up"), sbi.GivenUp);
        foreach ((string name, SbiServiceFigures service) in sbi.Services)
            Line(session, name, session.Say($"请求 {service.Requests:N0}", $"requests {service.Requests:N0}")
                + string.Concat(service.Responses.Select(each => $"  {each.Key}: {each.Value:N0}")));
    }

    private static void GtpU(Session session, GtpUSummary gtpU)
    {
        Line(session, "GTP-U", session.Say(
            $"G-PDU {gtpU.Gpdu:N0}，回声 {gtpU.Echo:N0}，错误指示 {gtpU.ErrorIndication:N0}，结束标记 {gtpU.EndMarker:N0}",
            $"G-PDU {gtpU.Gpdu:N0}, echo {gtpU.Echo:N0}, error indication {gtpU.ErrorIndication:N0}, "
                + $"end marker {gtpU.EndMarker:N0}"));
        Line(session, "", session.Say(
            $"隧道 {gtpU.Tunnels:N0}，终端 {gtpU.Ues:N0}，上行 {gtpU.Uplink:N0}，下行 {gtpU.Downlink:N0}",
            $"tunnels {gtpU.Tunnels:N0}, UEs {gtpU.Ues:N0}, uplink {gtpU.Uplink:N0}, downlink {gtpU.Downlink:N0}"));
        if (gtpU.Qfis.Count > 0)
            Line(session, "QFI", string.Join("  ", gtpU.Qfis.OrderBy(each => each.Key).Select(
                each => DelayText.Part($"{each.Key}:", $"{each.Value:N0}"))));
    }

    private static void Match(Session session, MatchSummary match)
    {
        Line(session, session.Say("N3 与 N6 匹配", "N3 and N6 matched"), session.Say(
            $"{match.Matched:N0}，仅 N3 {match.OnlyN3:N0}，仅 N6 {match.OnlyN6:N0}，有歧义 {match.Ambiguous:N0}",
            $"{match.Matched:N0}, only N3 {match.OnlyN3:N0}, only N6 {match.OnlyN6:N0}, ambiguous {match.Ambiguous:N0}")
            + (match.Nat ? session.Say("，有地址转换", ", addresses are translated") : ""));
        Reasons(session, session.Say("未匹配", "unmatched"), match.Unmatched);
        Direction(session, session.Say("上行", "uplink"), match.Uplink);
        Direction(session, session.Say("下行", "downlink"), match.Downlink);
    }

    private static void Direction(Session session, string name, DirectionSummary direction)
    {
        Line(session, name, session.Say(
            $"匹配 {direction.Matched:N0}，丢失 {direction.Lost:N0}，重复 {direction.Duplicated:N0}，"
                + $"乱序 {direction.Reordered:N0}",
            $"matched {direction.Matched:N0}, lost {direction.Lost:N0}, duplicated {direction.Duplicated:N0}, "
                + $"reordered {direction.Reordered:N0}"));
        if (direction.DelayNs is { } delay)
            Line(session, session.Say("  时延 微秒", "  delay us"), string.Join("  ", new[]
            {
                ("min", delay.Min), ("p50", delay.P50), ("p90", delay.P90), ("p99", delay.P99),
                ("p99.9", delay.P999), ("max", delay.Max),
            }.Select(figure => DelayText.Part(figure.Item1, DelayText.Us(figure.Item2)))));
    }

    internal static void Reasons(Session session, string name, IReadOnlyDictionary<string, long> counts)
    {
        if (counts.Values.Any(count => count > 0))
            Line(session, name, string.Join("  ", counts.Where(each => each.Value > 0)
                .OrderByDescending(each => each.Value).Select(each => DelayText.Part(
                    ReasonNames.Of(session, each.Key).Replace(' ', FactLines.Joint) + ":", $"{each.Value:N0}"))));
    }

    internal static void Line(Session session, string name, string text) => FactLines.Line(session, name, text);
}
