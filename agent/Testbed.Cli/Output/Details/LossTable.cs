using Testbed.Analyzer.Details;

namespace Testbed.Cli.Output.Details;

/// <summary>Runs of losses for people.</summary>
internal sealed class LossTable(Session session, AnalysisDetails details)
{
    public void Print()
    {
        if (details.UplinkLossBursts is not { Bursts: > 0 } && details.DownlinkLossBursts is not { Bursts: > 0 })
            return;
        session.Out.WriteLine();
        FactLines.Paragraph(session, session.Say(
            "连续丢包（同一流中相继丢失的报文）", "loss bursts (packets of one flow lost one after the other)"));
        Direction(session.Say("上行", "uplink"), details.UplinkLossBursts);
        Direction(session.Say("下行", "downlink"), details.DownlinkLossBursts);
    }

    private void Direction(string name, LossBursts? bursts)
    {
        if (bursts is not { Bursts: > 0 }) return;
        FactLines.Line(session, name, session.Say(
            $"{bursts.Bursts:N0} 次，共 {bursts.Lost:N0} 个报文",
            $"{bursts.Bursts:N0} bursts, {bursts.Lost:N0} packets"));
        FactLines.Line(session, session.Say("  按长度", "  by length"), string.Join("  ", bursts.Lengths.Select(
            lengths => DelayText.Part(
                lengths.From == lengths.To ? $"{lengths.From}:" : $"{lengths.From}-{lengths.To}:",
                $"{lengths.Bursts:N0}"))));
        if (bursts.Longest is { } longest)
            FactLines.Line(session, session.Say("  最长", "  longest"), session.Say(
                $"{longest.Length:N0} 个报文，{longest.FirstEvidence} 至 {longest.LastEvidence}，历时 "
                    + $"{(longest.LastNs - longest.FirstNs) / 1e6:N3} ms，{longest.Flow}",
                $"{longest.Length:N0} packets, {longest.FirstEvidence} to {longest.LastEvidence}, over "
                    + $"{(longest.LastNs - longest.FirstNs) / 1e6:N3} ms, {longest.Flow}"));
    }
}
