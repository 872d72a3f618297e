using Testbed.Conformance;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Judging;

/// <summary>
/// One figure against one limit: ISO/IEC 17025 §7.8.6 with a guard band w = U, k = 2 (ILAC-G8). Pass and Fail both
/// need the whole interval, widened by U and by what lost frames could hide, on one side of the limit.
/// </summary>
internal static class KpiJudge
{
    public static JudgedKpi Judge(
        Requirement requirement, KpiRule rule, AppliedLimit limit, KpiResult kpi, JudgeContext context)
    {
        (Verdict verdict, LocalText cause) =
            Usable(rule, limit, kpi, context) ?? Compare(requirement, rule, limit, kpi, context);
        return new(kpi, limit, verdict, cause);
    }

    /// <summary>Null when the figure may decide.</summary>
    private static (Verdict, LocalText)? Usable(KpiRule rule, AppliedLimit limit, KpiResult kpi, JudgeContext context)
    {
        LocalText name = Figures.Name(rule, kpi);
        if (kpi.NotUsable is { } reason)
        {
            Verdict verdict = kpi.NotUsableVerdict ?? Verdict.Inconclusive;
            return (verdict is Verdict.Pass or Verdict.Fail ? Verdict.Inconclusive : verdict, Sentence.Of(reason));
        }
        if (kpi.Unit != rule.Unit)
            return (Verdict.Invalid, Sentence.Of(new(
                $"{name.Zh}的单位为 {kpi.Unit}，应为 {rule.Unit}", $"{name.En} is in {kpi.Unit}, not in {rule.Unit}")));
        long samplesMin = Limits.SamplesMin(rule, limit, context.Facts.Quick);
        if (kpi.Samples < samplesMin)
            return (Verdict.Inconclusive, Sentence.Of(Figures.Compared(rule, kpi, limit), new(
                $"样本数少于所需的 {samplesMin} 个", $"that is fewer than the {samplesMin} samples needed")));
        if (rule.Confidence is { } needed && (kpi.Confidence is not { } stated || stated < needed))
            return (Verdict.Inconclusive, Sentence.Of(Figures.Compared(rule, kpi, limit), new(
                $"未给出置信度不低于 {Figures.Show(needed)} 的区间",
                $"no interval of at least {Figures.Show(needed)} confidence is given")));
        if (rule.OneWay.Count > 0 && context.VerdictOf("KIT-001") is not Verdict.Pass
            && !Needs.OneKit(rule.OneWay, context.Claim))
            return (Verdict.Inconclusive, Sentence.Of(new(
                $"{name.Zh}由不同套件的时钟相减得出，而 KIT-001 未通过，单向时延不予采信",
                $"{name.En} subtracts clocks of different kits and KIT-001 does not pass: one-way is not used")));
        return null;
    }

    private static (Verdict, LocalText) Compare(
        Requirement requirement, KpiRule rule, AppliedLimit limit, KpiResult kpi, JudgeContext context)
    {
        decimal low = Math.Min(kpi.Low, kpi.Value), high = Math.Max(kpi.High, kpi.Value), u = kpi.ExpandedUncertainty;
        Verdict seen = Decide(limit, low - u, high + u);
        Verdict widened = Decide(
            limit, low - u - Math.Abs(kpi.CaptureLossLow), high + u + Math.Abs(kpi.CaptureLossHigh));
        LocalText compared = Figures.Compared(rule, kpi, limit);
        if (seen != widened)
        {
            context.Flipped.Add(requirement.Id);
            return (Verdict.Invalid, Sentence.Of(compared, new(
                "采集丢失的报文足以改变该判定", "frames that the capture lost could turn the verdict round")));
        }
        return seen switch
        {
            Verdict.Pass => Kept(limit, kpi, compared),
            Verdict.Fail => Missed(rule, kpi, compared, context),
            _ => (Verdict.Inconclusive, Sentence.Of(compared, new(
                "限值落在测量不确定范围之内", "the limit lies inside the measurement uncertainty"))),
        };
    }

    /// <summary>
    /// Two attempts that contradict each other decide nothing: the one set aside may have been the kit's doing, and
    /// a bad network must not pass because it was tried until it held.
    /// </summary>
    private static (Verdict, LocalText) Kept(AppliedLimit limit, KpiResult kpi, LocalText compared)
    {
        if (kpi.OtherAttempts.FirstOrDefault(each => Decide(
            limit, each.Low - each.ExpandedUncertainty, each.High + each.ExpandedUncertainty) is Verdict.Fail)
            is not { } other) return (Verdict.Pass, Sentence.Of(compared, new("满足限值", "it is kept")));
        string interval = $"{Figures.Show(other.Low)}–{Figures.Show(other.High, kpi.Unit)}";
        return (Verdict.Inconclusive, Sentence.Of(compared, new(
            $"满足限值，但另一次测量（{other.Evidence}）的区间 {interval} 不满足；两次测量相互矛盾，"
            + "请让套件只运行本工具后重新测量",
            $"it is kept, but another attempt ({other.Evidence}) missed it with the interval {interval}; the attempts "
            + $"contradict each other, so measure again with nothing else running on the kits")));
    }

    /// <summary>A missed limit fails the testbed only where the instruments are known not to be the cause.</summary>
    private static (Verdict, LocalText) Missed(KpiRule rule, KpiResult kpi, LocalText compared, JudgeContext context)
    {
        LocalText finding = kpi.Findings.Count > 0
            ? Sentence.Of(kpi.Findings[0], compared)
            : Sentence.Of(compared, new LocalText("不满足限值", "it is missed"));
        string? blame = rule.FailNeeds
            .FirstOrDefault(id => context.VerdictOf(id) is not (Verdict.Pass or Verdict.NotApplicable))
            ?? rule.VoidedBy.FirstOrDefault(id => context.VerdictOf(id) is Verdict.Invalid);
        if (blame is null) return (rule.Missed, finding);
        return (Verdict.Inconclusive, Sentence.Of(compared, new(
            $"但 {blame} 未通过，不能排除测量套件自身的原因", $"but {blame} does not pass, so the kit itself may be the cause")));
    }

    private static Verdict Decide(AppliedLimit limit, decimal low, decimal high) => limit.Rule switch
    {
        LimitRule.AtMost when high <= limit.Value => Verdict.Pass,
        LimitRule.AtMost when low > limit.Value => Verdict.Fail,
        LimitRule.AtLeast when low >= limit.Value => Verdict.Pass,
        LimitRule.AtLeast when high < limit.Value => Verdict.Fail,
        _ => Verdict.Inconclusive,
    };
}
