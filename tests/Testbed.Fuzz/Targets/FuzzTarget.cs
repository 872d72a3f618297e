namespace Testbed.Fuzz.Targets;

/// <summary>One decoder or file reader, and inputs that it accepts.</summary>
/// <param name="Corpus">Valid and near-valid inputs, from which others are made.</param>
internal sealed record FuzzTarget(string Name, FuzzAction Run, IReadOnlyList<byte[]> Corpus);

/// <summary>
/// Reads the input and everything that it holds; true when it decoded. Throws nothing. As SharpFuzz calls it, but for
/// the answer.
/// </summary>
internal delegate bool FuzzAction(ReadOnlySpan<byte> input);
