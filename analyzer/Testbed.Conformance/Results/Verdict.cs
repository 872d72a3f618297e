namespace Testbed.Conformance.Results;

/// <summary>
/// The outcome of one requirement. There is no warning, and no member is zero: a default value is no verdict.
/// </summary>
public enum Verdict
{
    /// <summary>符合</summary>
    Pass = 1,
    /// <summary>不符合</summary>
    Fail = 2,
    /// <summary>证据不足: measured, but the evidence does not decide.</summary>
    Inconclusive = 3,
    /// <summary>不可测: a tap or an endpoint that the requirement needs is not there.</summary>
    NotMeasurable = 4,
    /// <summary>不适用: the claim has nothing that the requirement speaks of.</summary>
    NotApplicable = 5,
    /// <summary>证据无效: the evidence contradicts itself or could have flipped the verdict.</summary>
    Invalid = 6,
    /// <summary>未执行</summary>
    NotRun = 7,
}
