using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Matching;
using Testbed.Conformance;
using Testbed.Wire.Files;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer;

/// <summary>What a reader should know of captures and matching besides the figures.</summary>
internal static class AnalysisFindings
{
    private const int TranslationsMax = 10;

    public static List<LocalText> Of(AnalysisContext context)
    {
        List<LocalText> findings = [];
        foreach (TapCapture tap in context.Taps)
        {
            Damage(context, tap, findings);
            if (tap.Tally.BadInner > 0)
                findings.Add(new(
                    $"{tap.Name}：{tap.Tally.BadInner} 个 G-PDU 的内层报文无法解析",
                    $"{tap.Name}: the inner packets of {tap.Tally.BadInner} G-PDUs do not decode"));
        }
        findings.AddRange(
            context.ControlPlane.Contradictions.Take(Meters.Figures.EvidenceMax).Select(each => each.Text));
        if (context.HasBothSides && context.Matcher.Rule is not AddressRule.SameFlow) Translations(context, findings);
        return findings;
    }

    private static void Damage(AnalysisContext context, TapCapture tap, List<LocalText> findings)
    {
        foreach ((string file, CaptureEnding ending) in tap.DamagedFiles)
        {
            // Its writer is at work on the rest.
            if (context.Request.Options.IsFollowing && ending.Kind is CaptureEndingKind.TruncatedBlock
                && file == tap.Files[^1]) continue;
            findings.Add(new(
                $"{Path.GetFileName(file)} 在字节 {ending.Offset} 处中断：{ending.Reason}",
                $"{Path.GetFileName(file)} breaks off at byte {ending.Offset}: {ending.Reason}"));
        }
    }

    // Which addresses become which, and whether one flow was ever given two translations.
    private static void Translations(AnalysisContext context, List<LocalText> findings)
    {
        SortedDictionary<(HostAddress From, HostAddress To), long> addresses = [];
        Dictionary<(int, int), (int, int)> flows = [];
        HashSet<(int, int)> inconsistent = [];
        for (int tap = 0; tap < context.Taps.Count; tap++)
        {
            RecordStore records = context.Taps[tap].Records;
            for (int i = 0; i < records.Count; i++)
            {
                int partner = context.Outcomes[tap].PartnerRecord[i];
                if (partner < 0 || records[i].Kind is not RecordKind.Gpdu) continue;
                int otherTap = context.Outcomes[tap].PartnerTap[i];
                ref PacketRecord plain = ref context.Taps[otherTap].Records[partner];
                // Fragments without ports and packets without a flow of their own say nothing of ports.
                if ((records[i].Flags & RecordFlags.InnerFragment) != 0) continue;
                HostAddress from = AnalysisContext.UeOf(context.Taps[tap].Flow(records[i]), records[i].Direction);
                HostAddress to = AnalysisContext.UeOf(context.Taps[otherTap].Flow(plain), records[i].Direction);
                if (from != to) addresses[(from, to)] = addresses.GetValueOrDefault((from, to)) + 1;
                if (!flows.TryAdd((tap, records[i].Flow), (otherTap, plain.Flow))
                    && flows[(tap, records[i].Flow)] != (otherTap, plain.Flow))
                    inconsistent.Add((tap, records[i].Flow));
            }
        }
        foreach (((HostAddress from, HostAddress to), long packets) in
            addresses.OrderByDescending(pair => pair.Value).Take(TranslationsMax))
            findings.Add(new(
                $"N6 上 {from} 被转换为 {to}（{packets} 个报文）", $"{from} is translated to {to} on N6 ({packets} packets)"));
        if (inconsistent.Count > 0)
            findings.Add(new(
                $"{inconsistent.Count} 个流的地址转换前后不一致",
                $"{inconsistent.Count} flows were translated in more than one way"));
    }
}
