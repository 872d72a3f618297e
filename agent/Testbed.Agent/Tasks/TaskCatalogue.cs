using Microsoft.Extensions.Logging;
using Testbed.Agent.Spool;
using Testbed.Probes;

namespace Testbed.Agent.Tasks;

/// <summary>What this agent can do, by kind: capture, and every probe of the catalogue.</summary>
internal sealed class TaskCatalogue(AgentOptions options, SpoolFolder spool, ILogger logger)
{
    // The scan costs milliseconds; most agents capture only.
    private readonly Lazy<Dictionary<string, IProbe>> _probes = new(
        () => ProbeCatalogue.CreateAll().ToDictionary(probe => probe.Kind, StringComparer.Ordinal));

    public IAgentTask? Find(string kind)
    {
        if (kind == CaptureTask.Kind) return new CaptureTask(options.Kit, spool, options.Time, logger);
        return _probes.Value.TryGetValue(kind, out IProbe? probe)
            ? new ProbeRun(probe, options.Kit, spool, options.Time) : null;
    }
}
