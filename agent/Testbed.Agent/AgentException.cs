using Testbed.Conformance;

namespace Testbed.Agent;

/// <summary>Why an agent cannot go on. No member is zero.</summary>
public enum AgentFault
{
    /// <summary>Options that cannot be meant (exit code 2).</summary>
    BadOption = 1,
    /// <summary>No server answered within the time given (exit code 4).</summary>
    ServerNotFound = 2,
    /// <summary>The server does not want this agent (exit code 4).</summary>
    Refused = 3,
    /// <summary>The server went away in the middle of a run (exit code 3): tasks were stopped.</summary>
    ServerLost = 4,
    /// <summary>The spool folder cannot be used (exit code 4).</summary>
    SpoolFailed = 5,
}

/// <summary>An agent that ended for a reason of the world, told in both languages.</summary>
public sealed class AgentException(AgentFault fault, LocalText text, LocalText? remedy = null, Exception? inner = null)
    : Exception(text.En, inner)
{
    public AgentFault Fault { get; } = fault;
    public LocalText Text { get; } = text;
    public LocalText? Remedy { get; } = remedy;
}
