namespace Testbed.Conformance.Statistics;

internal static class Confidence
{
    public static void Check(double confidence)
    {
        if (!(confidence is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "0 < confidence < 1");
    }
}
