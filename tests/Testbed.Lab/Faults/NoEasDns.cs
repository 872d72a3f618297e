using Testbed.Lab.Behaviour;
using Testbed.Lab.Edge;

namespace Testbed.Lab.Faults;

/// <summary>A DNS that knows nothing of edge sites.</summary>
internal sealed class NoEasDns : IFault
{
    public string Name => "no-eas-dns";

    public FaultText Description { get; } = new(
        "DNS不做边缘应用发现：域名解析到中心数据网",
        "DNS does no edge discovery: the application's name resolves to the central data network");

    public IReadOnlyDictionary<string, string> Breaks { get; } = new Dictionary<string, string>
    {
        ["EDG-003"] = "Fail",
    };

    public void Apply(LabBehaviour behaviour) => behaviour.Names = new CentralNames(behaviour.Names);
}
