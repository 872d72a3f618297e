using Testbed.Analyzer.Captures;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Profiles;
using Testbed.Wire.Files;

namespace Testbed.Analyzer.Streaming;

/// <summary>
/// Reads a tap's files, one after the other, into slabs of records, and finds out whether they can be measured as they
/// come. One thread.
/// </summary>
internal sealed class TapScanner(
    TapInput input, TapRole role, FrameDecoder decoder, bool isJoined, Action<long> progress) : IDisposable
{
    private const int NoSighting = -1;
    private const long BytesBetweenReports = 1 << 20;
    private readonly VectorDecoder _vectors = new(decoder, role, withDigest: isJoined);
    private CaptureFileSource? _source;
    private int _file = -1, _sighting = NoSighting;
    private long _lastNs = long.MinValue, _reported;

    public TapInput Input => input;
    public TapRole Role => role;
    public FrameDecoder Decoder => decoder;
    /// <summary>Of an N3 tap: filled while it is read. An N6 tap's directions are known later.</summary>
    public TapProfile? Profile { get; set; }
    public List<(string, CaptureEnding)> Damaged { get; } = [];

    /// <summary>Fills a slab; false when it stayed empty because there is no more.</summary>
    /// <exception cref="HandOverException">These records need all others to be understood.</exception>
    public bool Fill(Slab slab)
    {
        while (slab.HasRoom)
        {
            if (_source is null && !OpenNext()) break;
            int count = _vectors.Read(_source!, (ushort)_file, slab.Records.AsSpan(slab.Count));
            if (count < 0)
            {
                CloseSource();
                continue;
            }
            Take(slab.Records.AsSpan(slab.Count, count));
            slab.Count += count;
        }
        if (_source is not null && _source.Position - _reported >= BytesBetweenReports) Report();
        return slab.Count > 0;
    }

    public void Dispose() => _source?.Dispose();

    private bool OpenNext()
    {
        if (_file + 1 >= input.Files.Count)
        {
            if (_file < input.Files.Count) decoder.Finish();
            _file = input.Files.Count;
            return false;
        }
        _source = CaptureFiles.Open(input.Files[++_file]);
        _reported = 0;
        return true;
    }

    private void CloseSource()
    {
        Report();
        if (_source!.Ending.Kind is not CaptureEndingKind.Complete)
            Damaged.Add((input.Files[_file], _source.Ending));
        _source.Dispose();
        _source = null;
    }

    private void Report()
    {
        if (_source is null) return;
        progress(_source.Position - _reported);
        _reported = _source.Position;
    }

    private void Take(ReadOnlySpan<PacketRecord> records)
    {
        long lastNs = _lastNs;
        TapProfile? profile = Profile;
        foreach (ref readonly PacketRecord record in records)
        {
            if (record.TimeNs < lastNs) throw HandOverException.Unsorted(input.Name);
            lastNs = record.TimeNs;
            if (record.Kind is RecordKind.Gpdu or RecordKind.Plain)
            {
                if (record.Kind is RecordKind.Gpdu && record.Direction is PacketDirection.Unknown)
                    throw HandOverException.NoDirection(input.Name);
                if (record.Sighting != _sighting && isJoined) RequireOneInterface(record);
            }
            profile?.Add(record);
        }
        _lastNs = lastNs;
    }

    // Copies of one packet at several interfaces are told from repeats by looking back.
    private void RequireOneInterface(in PacketRecord record)
    {
        if (_sighting != NoSighting) throw HandOverException.SeveralInterfaces(input.Name);
        _sighting = record.Sighting;
        if (record.TimeNs == 0) throw HandOverException.Unsorted(input.Name);
    }
}
