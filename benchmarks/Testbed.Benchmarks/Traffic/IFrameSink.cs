namespace Testbed.Benchmarks.Traffic;

/// <summary>One packet as it passes a tap.</summary>
/// <param name="TimeNs">By the tap's own clock, nanoseconds since the Unix epoch.</param>
/// <param name="Length">Bytes of the frame on the wire.</param>
internal readonly record struct Sighting(Tap Tap, long TimeNs, int Length, bool IsUplink, int Session, byte Kind);

/// <summary>Takes frames of one tap, in the order in which the tap writes them.</summary>
internal interface IFrameSink
{
    /// <param name="frame">The frame's first bytes, valid during the call.</param>
    void Accept(in Sighting sighting, ReadOnlySpan<byte> frame);

    /// <summary>After the last frame.</summary>
    void Finish();
}
