namespace Testbed.Conformance.Statistics;

/// <summary>
/// Wald's sequential test of a failure ratio: stops as soon as the packets so far decide between
/// <c>goodRatio</c> and <c>badRatio</c>. Only for plans that were frozen with it beforehand.
/// </summary>
/// <remarks>A. Wald, "Sequential tests of statistical hypotheses", 1945. Packets must be independent.</remarks>
/// <param name="goodRatio">Failure ratio that must be accepted, e.g. 1e-6.</param>
/// <param name="badRatio">Failure ratio that must be rejected, e.g. 1e-5.</param>
/// <param name="risk">Probability of either error, e.g. 0.05.</param>
public sealed class Sprt(double goodRatio, double badRatio, double risk = 0.05)
{
    private readonly double _threshold = Math.Log((1 - risk) / risk);
    private readonly double _perFailure = Math.Log(badRatio / goodRatio);
    private readonly double _perSuccess = double.LogP1(-badRatio) - double.LogP1(-goodRatio);

    /// <summary>The packets with <paramref name="failures"/> failures among them that accept the good ratio.</summary>
    public long PacketsToAccept(long failures) =>
        failures + (long)Math.Ceiling((_threshold + failures * _perFailure) / -_perSuccess);

    /// <summary>True: the good ratio holds. False: the bad one does. Null: go on.</summary>
    public bool? Decide(long packets, long failures)
    {
        double evidence = failures * _perFailure + (packets - failures) * _perSuccess;
        return evidence <= -_threshold ? true : evidence >= _threshold ? false : null;
    }
}
