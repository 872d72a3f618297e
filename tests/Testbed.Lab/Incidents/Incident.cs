using Testbed.Lab.Control;
using Testbed.Lab.Hosting;
using Testbed.Lab.UserPlane;

namespace Testbed.Lab.Incidents;

/// <summary>Something that happens once while an inspection runs.</summary>
/// <param name="After">
/// Time since all captures are open; zero for before the lab's own UEs speak. Then the incident may take its time.
/// </param>
internal sealed record Incident(TimeSpan After, Action<LabParts> Happen);

/// <summary>What an incident may lay hands on.</summary>
/// <param name="Kits">Null as long as no kit runs.</param>
internal sealed record LabParts(Upf Upf, RecoveryTime UpfStarted, KitProcesses? Kits);
