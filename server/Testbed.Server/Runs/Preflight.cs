using Testbed.Conformance;

namespace Testbed.Server.Runs;

/// <summary>A run cannot begin; the message says what is missing and the remedy what brings it.</summary>
public sealed class PreflightException(LocalText text, LocalText remedy) : Exception(text.En)
{
    public LocalText Text { get; } = text;
    public LocalText Remedy { get; } = remedy;
}
