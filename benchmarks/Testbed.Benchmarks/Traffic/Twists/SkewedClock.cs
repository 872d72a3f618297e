namespace Testbed.Benchmarks.Traffic.Twists;

/// <summary>The N6 tap's clock is off, and runs fast or slow besides.</summary>
/// <param name="offsetNs">What it is ahead at the start.</param>
/// <param name="driftPpm">Microseconds that it gains in a second.</param>
/// <param name="lastsNs">How long the capture will last, about.</param>
internal sealed class SkewedClock(long offsetNs, double driftPpm, long lastsNs) : ITwist
{
    public string Name => $"clock-offset-ms {offsetNs / 1e6} drift-ppm {driftPpm}";
    public long SkewMaxNs => Math.Abs(offsetNs) + (long)Math.Abs(driftPpm / 1e6 * lastsNs);
    public long OffsetNs => offsetNs;
    public double DriftPpm => driftPpm;

    public IFrameSink Wrap(IFrameSink file, Tap tap) => tap is Tap.N6 ? new Stamper(file, this) : file;

    private long Read(long trueNs) =>
        trueNs + offsetNs + (long)Math.Round(driftPpm / 1e6 * (trueNs - PacketSource.StartNs));

    private sealed class Stamper(IFrameSink file, SkewedClock clock) : IFrameSink
    {
        public void Accept(in Sighting sighting, ReadOnlySpan<byte> frame) =>
            file.Accept(sighting with { TimeNs = clock.Read(sighting.TimeNs) }, frame);

        public void Finish() => file.Finish();
    }
}
