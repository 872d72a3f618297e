using Testbed.Conformance;

namespace Testbed.Cli.Checks;

/// <summary>One thing that a host must or should have.</summary>
/// <param name="Id">Stable name, for scripts.</param>
/// <param name="IsNeeded">Without it a command fails; otherwise figures get coarser.</param>
/// <param name="Remedy">A command or a sentence; null when all is well.</param>
internal sealed record HostCheck(string Id, bool IsOk, bool IsNeeded, LocalText Found, LocalText? Remedy);
