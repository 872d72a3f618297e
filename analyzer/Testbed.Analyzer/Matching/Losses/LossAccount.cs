using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Conformance.Statistics;

namespace Testbed.Analyzer.Matching.Losses;

/// <summary>What became of the packets of one direction that entered the UPF, in the order of entering.</summary>
internal sealed class LossAccount
{
    private const int EvidenceMax = Meters.Figures.EvidenceMax;

    public LossSequence Losses { get; } = new();
    /// <summary>
    /// Entered, and whether they left cannot be said: edges of captures, proven misses of the exit's tap.
    /// </summary>
    public long Undecided { get; set; }
    /// <summary>Lost packets by source and destination.</summary>
    public Dictionary<string, int> Places { get; } = [];
    /// <summary>The first of the lost.</summary>
    public List<string> Evidence { get; } = [];

    public void AddLost(TapCapture tap, in PacketRecord record)
    {
        Losses.Add(true);
        FlowKey flow = tap.Flow(record);
        string place = $"{flow.Source} → {flow.Destination}";
        Places[place] = Places.GetValueOrDefault(place) + 1;
        if (Evidence.Count < EvidenceMax) Evidence.Add(tap.Evidence(record));
    }
}
