using System.Collections.Concurrent;
using Testbed.Analyzer.Meters.Slicing;

namespace Testbed.Analyzer.Meters.Records;

/// <summary>What several meters want of a run's records: read and counted once, by whoever asks first.</summary>
internal sealed class SharedReadings(AnalysisContext context)
{
    private readonly ConcurrentDictionary<string, Lazy<List<StampRow>>> _stampRows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<StampSessionContext, Lazy<StampSightings>> _sightings = [];
    private readonly ConcurrentDictionary<LoadContext, Lazy<LoadCount>> _loads = [];

    /// <summary>The rows of a STAMP sender's record.</summary>
    /// <exception cref="RecordFormatException">The file is no sender's record.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyList<StampRow> StampRows(string path) =>
        _stampRows.GetOrAdd(path, file => new(() => StampRow.Read(file))).Value;

    /// <summary>Where the taps saw a session's packets.</summary>
    public StampSightings Sightings(StampSessionContext session) =>
        _sightings.GetOrAdd(session, each => new(() => new(context, each))).Value;

    /// <summary>What the taps saw of a load.</summary>
    /// <exception cref="RecordFormatException">The load's record is no load sender's.</exception>
    /// <exception cref="IOException">The record cannot be read.</exception>
    public LoadCount Load(LoadContext load) =>
        _loads.GetOrAdd(load, each => new(() => LoadCount.Of(context, each))).Value;
}
