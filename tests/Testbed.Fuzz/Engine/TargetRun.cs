using System.Diagnostics;
using Testbed.Fuzz.Targets;

namespace Testbed.Fuzz.Engine;

/// <summary>
/// Feeds one target and holds it to the rules: no exception, no read beyond the end, bounded time and memory.
/// </summary>
internal sealed class TargetRun(FuzzTarget target, FuzzOptions options, string failureFolder)
{
    public const double TimeMsMax = 10;
    public const long BytesMax = 64L << 20;
    private const int LengthMax = 1 << 16;
    /// <summary>
    /// A slow input is slow each time; a busy machine and a garbage collection are not. What takes longer than this is
    /// run again, and its shortest time counts.
    /// </summary>
    private const double SuspectMs = 0.2;
    private const int RetriesOfSlow = 5;

    public TargetResult Run()
    {
        int seed = SeedOf(target.Name, options.Seed);
        Mutator mutator = new(target.Corpus, seed, LengthMax);
        using GuardedBuffer guarded = new(LengthMax);
        long accepted = 0, worstTicks = 0, worstBytes = 0, started = Stopwatch.GetTimestamp();
        TargetResult Result(long inputs, string? failure) => new(
            target.Name, options.Seed, inputs, accepted, worstTicks * 1000.0 / Stopwatch.Frequency, worstBytes,
            Stopwatch.GetElapsedTime(started).TotalSeconds, failure);
        long ticksMax = (long)(TimeMsMax * Stopwatch.Frequency / 1000);
        long suspectTicks = (long)(SuspectMs * Stopwatch.Frequency / 1000);
        Warm(guarded);
        for (long i = 0; i < options.InputCount; i++)
        {
            ReadOnlySpan<byte> made = mutator.Next();
            Span<byte> input = guarded.Tail(made.Length);
            made.CopyTo(input);
            try
            {
                (bool isAccepted, long ticks, long bytes) = Once(input);
                for (int retry = 0; retry < RetriesOfSlow && ticks > suspectTicks; retry++)
                    ticks = Math.Min(ticks, Once(input).Ticks);
                worstTicks = Math.Max(worstTicks, ticks);
                worstBytes = Math.Max(worstBytes, bytes);
                if (ticks > ticksMax) return Result(i + 1, Keep(made, $"took more than {TimeMsMax} ms"));
                if (bytes > BytesMax) return Result(i + 1, Keep(made, $"allocated {bytes} bytes"));
                if (!isAccepted) continue;
                accepted++;
                mutator.Accepted(made);
            }
            catch (Exception thrown)
            {
                return Result(i + 1, Keep(made, thrown.ToString()));
            }
        }
        return Result(options.InputCount, null);
    }

    private (bool Accepted, long Ticks, long Bytes) Once(ReadOnlySpan<byte> input)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread(), ticks = Stopwatch.GetTimestamp();
        bool accepted = target.Run(input);
        return (accepted, Stopwatch.GetTimestamp() - ticks, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }

    // Compiling the code is not the input's doing.
    private void Warm(GuardedBuffer guarded)
    {
        foreach (byte[] seedInput in target.Corpus.Take(50))
        {
            Span<byte> input = guarded.Tail(Math.Min(seedInput.Length, LengthMax));
            seedInput.AsSpan(0, input.Length).CopyTo(input);
            for (int i = 0; i < 40; i++) target.Run(input);
        }
    }

    private string Keep(ReadOnlySpan<byte> input, string what)
    {
        Directory.CreateDirectory(failureFolder);
        string path = Path.Combine(failureFolder, $"{target.Name}-{options.Seed}.bin");
        File.WriteAllBytes(path, input);
        return $"{what}\n    input kept in {path}";
    }

    private static int SeedOf(string name, int seed)
    {
        // String hashes differ from process to process; this one does not.
        uint hash = 2166136261;
        foreach (char letter in name) hash = (hash ^ letter) * 16777619;
        return (int)(hash ^ (uint)seed);
    }
}
