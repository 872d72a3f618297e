using Testbed.Lab.Topology;
using Testbed.Wire.Dns;

namespace Testbed.Lab.Edge;

/// <summary>Which host a name stands for, as the name server at the edge says.</summary>
internal interface INameAnswers
{
    /// <summary>Dotted quad; null where there is no such name.</summary>
    string? AddressOf(string name);
}

/// <summary>The edge application is at the edge (TS 23.548 §6.2.3.2.3, option C).</summary>
internal sealed class EdgeDiscovery : INameAnswers
{
    public string? AddressOf(string name) => DnsName.IsSame(name, Plan.EdgeApp) ? Plan.EdgeHost : null;
}

/// <summary>Names as any resolver knows them: the application is where its central instance is.</summary>
internal sealed class CentralNames(INameAnswers inner) : INameAnswers
{
    public string? AddressOf(string name) => inner.AddressOf(name) is null ? null : Plan.HostA;
}
