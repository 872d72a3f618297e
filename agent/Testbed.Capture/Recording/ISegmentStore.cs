namespace Testbed.Capture.Recording;

/// <summary>Where segments go. What is sealed stays valid whatever happens later.</summary>
public interface ISegmentStore
{
    /// <summary>A new file, written from start to end; once it is disposed of without error the disc has it.</summary>
    Stream Create(string fileName);

    /// <summary>Segments are to be digested while they are written: a chain of evidence needs it.</summary>
    bool NeedsDigests => true;

    /// <summary>Records a closed segment in its chain; when this returns the disc has the record.</summary>
    void Seal(SegmentFacts facts);
}

/// <summary>What is known of a segment when it is closed.</summary>
/// <param name="Seq">From 0, without a gap.</param>
/// <param name="Sha256">Of the whole file, lower-case hex; empty where the store needs none.</param>
/// <param name="OsDrops">Frames that the kernel dropped during this segment.</param>
/// <param name="InterfaceDrops">Frames that the interface lost during this segment; 0 when nobody knows.</param>
/// <param name="FirstNs">Earliest stamp, nanoseconds since the Unix epoch; 0 in an empty segment.</param>
/// <param name="LastNs">Latest stamp; 0 in an empty segment.</param>
public sealed record SegmentFacts(
    string FileName, int Seq, string Sha256, long Bytes, long Packets, long OsDrops, long InterfaceDrops,
    long FirstNs, long LastNs);

/// <summary>When a segment ends: whichever comes first.</summary>
public sealed record SegmentLimits
{
    /// <remarks>Evidence is to be promised within seconds, so that it cannot be made up afterwards.</remarks>
    public TimeSpan Age { get; init; } = TimeSpan.FromSeconds(10);
    public long Bytes { get; init; } = 64 << 20;
}

/// <summary>A recording at its end.</summary>
/// <param name="FirstNs">Earliest stamp of all; 0 when nothing was captured.</param>
/// <param name="LastNs">Latest stamp of all; 0 when nothing was captured.</param>
/// <param name="Failure">What broke the recording off; sealed segments are valid all the same.</param>
public sealed record RecordingSummary(
    CaptureCounters Counters, int SegmentCount, long FirstNs, long LastNs, CaptureException? Failure = null);
