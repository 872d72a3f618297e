using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Matching;

/// <summary>Which UE addresses N6 showed as which others, and whether one flow was ever given two forms.</summary>
internal sealed class Translations
{
    public SortedDictionary<(HostAddress From, HostAddress To), long> Packets { get; } = [];
    public int InconsistentFlows { get; set; }

    public void Add(HostAddress from, HostAddress to, long packets)
    {
        if (from != to) Packets[(from, to)] = Packets.GetValueOrDefault((from, to)) + packets;
    }
}
