namespace Testbed.Fuzz.Engine;

/// <summary>What came of one target's inputs.</summary>
/// <param name="Failure">Null when no input broke a rule; else what happened, and where the input is.</param>
internal sealed record TargetResult(
    string Name, int Seed, long Inputs, long Accepted, double WorstMs, long WorstBytes, double Seconds,
    string? Failure);
