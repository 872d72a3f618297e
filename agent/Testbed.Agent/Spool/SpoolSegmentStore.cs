using System.Text;
using Testbed.Capture.Recording;
using Testbed.Evidence.Files;
using Testbed.Evidence.Segments;

namespace Testbed.Agent.Spool;

/// <summary>A tap's segments and their chain in the spool: each on the disc before it is spoken of.</summary>
/// <param name="tap">Kit, point and interface, e.g. <c>kit-a/n3-n3u</c>.</param>
/// <param name="runFolder">Where the files will be in the run folder, e.g. <c>captures/kit-a</c>.</param>
internal sealed class SpoolSegmentStore(string folder, string tap, string chainName, string runFolder, string bootId)
    : ISegmentStore, IDisposable
{
    private readonly List<SpooledFile> _sealed = [];
    private DurableFile? _chain;
    private string _previous = SegmentRecord.NoPrevious;

    public Stream Create(string fileName) => new DurableStream(DurableFile.Create(Path.Combine(folder, fileName)));

    public void Seal(SegmentFacts facts)
    {
        SegmentRecord record = new(tap, facts.Seq, _previous, facts.Sha256, facts.Bytes, facts.Packets, facts.OsDrops,
            facts.InterfaceDrops, facts.FirstNs, facts.LastNs, bootId);
        _chain ??= DurableFile.Create(Path.Combine(folder, chainName));
        _chain.Append(Encoding.UTF8.GetBytes($"{record.ToJson()}\n"));
        _chain.Sync();
        _previous = record.Digest;
        _sealed.Add(new(Path.Combine(folder, facts.FileName), $"{runFolder}/{facts.FileName}", facts.Sha256));
    }

    /// <summary>Sealed segments in order, then their chain. What was begun and not sealed is no evidence.</summary>
    public IReadOnlyList<SpooledFile> Files() => _chain is null ? []
        : [.. _sealed, new(_chain.Path, $"{runFolder}/{chainName}")];

    public void Dispose() => _chain?.Dispose();
}
