using Testbed.Conformance;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Judging;

internal static class VerdictNames
{
    public static LocalText Of(Verdict verdict) => new(verdict switch
    {
        Verdict.Pass => "符合",
        Verdict.Fail => "不符合",
        Verdict.Inconclusive => "证据不足",
        Verdict.NotMeasurable => "不可测",
        Verdict.NotApplicable => "不适用",
        Verdict.Invalid => "证据无效",
        _ => "未执行",
    }, verdict.ToString());
}
