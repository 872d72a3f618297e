using Testbed.Lab.Behaviour;
using Testbed.Lab.Behaviour.Security;

namespace Testbed.Lab.Faults;

/// <summary>One datagram is enough.</summary>
internal sealed class UpfCrash : IFault
{
    public string Name => "upf-crash";

    public FaultText Description { get; } = new(
        "长度为零的GTP-U扩展头使UPF用户面停止工作",
        "a GTP-U extension header of length 0 stops the UPF's user plane");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["SEC-008"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Health = new FallsOverEmptyExtension();
}
