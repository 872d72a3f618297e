using Testbed.Lab.Behaviour;
using Testbed.Lab.Edge;

namespace Testbed.Lab.Faults;

/// <summary>A MEC platform that lets anybody in.</summary>
internal sealed class OpenMecPlatform : IFault
{
    public string Name => "open-mec";

    public FaultText Description { get; } = new(
        "MEC平台接口不校验令牌",
        "the MEC platform's API checks no token");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EDG-007"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Mec = new OpenMec(behaviour.Mec);
}
