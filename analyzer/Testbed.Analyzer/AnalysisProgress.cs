namespace Testbed.Analyzer;

/// <param name="Stage"><c>read</c>, <c>match</c> or <c>measure</c>.</param>
/// <param name="Share">0 to 1 within the stage.</param>
public readonly record struct AnalysisProgress(string Stage, double Share);
