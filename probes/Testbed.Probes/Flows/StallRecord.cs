using Testbed.Probes.Stamp;

namespace Testbed.Probes.Flows;

/// <summary>
/// Says when the kit at one end of a test flow stood still: what the flow did not carry meanwhile is not the network's
/// doing. Taken from the kit's own clock alone, so nothing that a network does makes an entry.
/// </summary>
internal sealed class StallRecord(Stream stream) : IDisposable
{
    public const string Header = "fromNs,toNs";
    /// <summary>Every packet of a quarter of an hour's flow.</summary>
    private const int RowsMax = 100_000;

    private readonly RecordWriter _writer = new(stream, Header);
    private int _rows;

    /// <summary>Wall clock, ns; shorter than a kit's tolerance is no standstill.</summary>
    public void Add(long fromNs, long toNs)
    {
        if (!KitStalls.IsStall(toNs - fromNs) || _rows == RowsMax) return;
        _writer.Add(fromNs).Add(toNs).EndRow();
        _rows++;
    }

    public void Dispose() => _writer.Dispose();
}
