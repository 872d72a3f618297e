using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
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
            if (tap.Decoder.Tunnels.Refused + tap.Decoder.Flows.Refused > 0)
                findings.Add(new(
                    $"{tap.Name}：隧道或流的数量超过 {FrameDecoder.KeysMax:N0}，"
                        + $"{tap.Decoder.Tunnels.Refused:N0} 个报文未归入隧道，{tap.Decoder.Flows.Refused:N0} 个未归入流",
                    $"{tap.Name}: more than {FrameDecoder.KeysMax:N0} tunnels or flows; "
                        + $"{tap.Decoder.Tunnels.Refused:N0} packets belong to no tunnel counted and "
                        + $"{tap.Decoder.Flows.Refused:N0} to no flow"));
            if (tap.Tally.BadInner > 0)
                findings.Add(new(
                    $"{tap.Name}：{tap.Tally.BadInner} 个 G-PDU 的内层报文无法解析",
                    $"{tap.Name}: the inner packets of {tap.Tally.BadInner} G-PDUs do not decode"));
        }
        findings.AddRange(
            context.ControlPlane.Contradictions.Take(Meters.Figures.EvidenceMax).Select(each => each.Text));
        Translated(context.Crossings.Translations, findings);
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
    private static void Translated(Translations translations, List<LocalText> findings)
    {
        foreach (((HostAddress from, HostAddress to), long packets) in
            translations.Packets.OrderByDescending(pair => pair.Value).Take(TranslationsMax))
            findings.Add(new(
                $"N6 上 {from} 被转换为 {to}（{packets} 个报文）", $"{from} is translated to {to} on N6 ({packets} packets)"));
        if (translations.InconsistentFlows > 0)
            findings.Add(new(
                $"{translations.InconsistentFlows} 个流的地址转换前后不一致",
                $"{translations.InconsistentFlows} flows were translated in more than one way"));
    }
}
