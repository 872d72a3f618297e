namespace Testbed.Lab.Edge;

/// <summary>How the MEC platform behaves where it could behave otherwise.</summary>
internal interface IMecPolicy
{
    /// <summary>Whether a call is let in (ETSI GS MEC 009 §6.16: OAuth 2.0 bearer tokens).</summary>
    /// <param name="given">The request's bearer token; null without one.</param>
    bool Admits(string? given, string token);

    /// <summary>Status of an answer to a registration (ETSI GS MEC 011 §8.2.6.3.4).</summary>
    int RegisteredStatus { get; }

    /// <summary>Whether changes are told to those who subscribed (ETSI GS MEC 011 §5.2.6a).</summary>
    bool TellsChanges { get; }
}

internal sealed class StandardMec : IMecPolicy
{
    public bool Admits(string? given, string token) => given == token;
    public int RegisteredStatus => 201;
    public bool TellsChanges => true;
}

/// <summary>Asks nobody who they are.</summary>
internal sealed class OpenMec(IMecPolicy inner) : IMecPolicy
{
    public bool Admits(string? given, string token) => true;
    public int RegisteredStatus => inner.RegisteredStatus;
    public bool TellsChanges => inner.TellsChanges;
}

/// <summary>Made from slides about MEC 011: a registration says 200, and nobody is ever told of a service.</summary>
internal sealed class SketchedMec(IMecPolicy inner) : IMecPolicy
{
    public bool Admits(string? given, string token) => inner.Admits(given, token);
    public int RegisteredStatus => 200;
    public bool TellsChanges => false;
}
