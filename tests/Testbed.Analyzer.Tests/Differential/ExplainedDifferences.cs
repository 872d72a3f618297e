namespace Testbed.Analyzer.Tests.Differential;

/// <summary>Differences whose reason is known. Each rule says who is right, and why.</summary>
internal static class ExplainedDifferences
{
    /// <summary>The reason, or null where there is none.</summary>
    public static string? Explain(string field, SeenFrame ours, SeenFrame theirs)
    {
        if ((theirs.Traits & FrameTraits.Malformed) != 0)
            return "tshark calls the frame malformed, so its fields are what it had read until then";
        if (field.StartsWith("inner", StringComparison.Ordinal) && (ours.InnerVersion, theirs.InnerVersion) == (4, 6))
            return "the packet inside says IP version 4; tshark's guess, which looks at more than that, takes it for 6";
        return null;
    }
}
