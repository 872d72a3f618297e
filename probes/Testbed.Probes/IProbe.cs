using Testbed.Conformance;
using Testbed.Conformance.Results;

namespace Testbed.Probes;

/// <summary>
/// One active test or one responder to it, run by an agent on the order of a frozen plan.
/// Implementations are found by assembly scan; <see cref="Kind"/> is the name that a plan uses.
/// </summary>
public interface IProbe
{
    string Kind { get; }

    /// <summary>
    /// Runs until done, or, for a responder, until cancelled. Bad parameters throw
    /// <see cref="ProbeParameterException"/>; a peer that does not answer is a result, not an exception.
    /// </summary>
    Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation);
}

/// <summary>An order from the frozen plan.</summary>
/// <param name="RunNonce">32 random bytes of the run; keys of authenticated test traffic derive from it.</param>
/// <param name="Parameters">Strings by name; each probe states its names, units and bounds.</param>
public sealed record ProbeTask(
    string Id, string Kind, ReadOnlyMemory<byte> RunNonce, IReadOnlyDictionary<string, string> Parameters);

/// <summary>The doors to the world that an agent opens to a probe.</summary>
public interface IProbeHost
{
    /// <summary>Name of the kit that the probe runs on.</summary>
    string Kit { get; }
    TimeProvider Time { get; }
    /// <summary>Opens a file of the run's evidence; the agent ships it to the server afterwards.</summary>
    Stream CreateRecord(string name);
    /// <summary>Tells the inspector how far the probe is, 0 to 1, and a short figure such as the rate so far.</summary>
    void Progress(double share, string? figure = null);
    /// <summary>Called once by a responder when it is ready to answer.</summary>
    void Ready();
}

/// <param name="Kpis">What was measured; empty for responders.</param>
/// <param name="Records">Names of the record files written.</param>
/// <param name="Problem">Set when the probe could not do its work, with the cause.</param>
public sealed record ProbeOutcome(
    IReadOnlyList<KpiResult> Kpis, IReadOnlyList<string> Records, LocalText? Problem = null)
{
    /// <summary>
    /// What the probe learnt that a later task of the plan needs, by name: short words, no figures. A plan asks for one
    /// as <c>outcome:TASK-ID/NAME</c> in the place of a parameter's value.
    /// </summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();
}

/// <summary>A parameter of a probe is missing or out of bounds.</summary>
public sealed class ProbeParameterException(string name, string expected, string? got)
    : Exception($"{name}: expected {expected}, got {(got is null ? "nothing" : $"'{got}'")}")
{
    public string Name { get; } = name;
}
