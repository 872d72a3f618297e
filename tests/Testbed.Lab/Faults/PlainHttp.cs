using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>A NEF that was opened for a test and never closed.</summary>
internal sealed class PlainHttp : IFault
{
    public string Name => "plain-http";

    public FaultText Description { get; } = new(
        "NEF同时在80端口以明文HTTP提供接口",
        "the NEF serves its APIs in clear text on port 80 too");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EXP-001"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Exposure.PlainPorts.Add(80);
}
