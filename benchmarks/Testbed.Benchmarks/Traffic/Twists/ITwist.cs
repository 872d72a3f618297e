namespace Testbed.Benchmarks.Traffic.Twists;

/// <summary>
/// Something that real networks and real taps do and that makes an analyzer's work harder. Twists compose: each sees
/// what the one before it left.
/// </summary>
internal interface ITwist
{
    /// <summary>With its figures, as the ledger and the command line write it.</summary>
    string Name { get; }

    /// <summary>Frames must reach it whole, however little of them is kept.</summary>
    bool NeedsWholeFrames => false;

    /// <summary>Furthest that it takes the taps' clocks or the frames' order apart, nanoseconds.</summary>
    long SkewMaxNs => 0;

    /// <summary>Changes what becomes of a packet, before any tap sees it.</summary>
    void Apply(ref UserPacket packet)
    {
    }

    /// <summary>Stands between a tap and its file.</summary>
    IFrameSink Wrap(IFrameSink file, Tap tap) => file;
}
