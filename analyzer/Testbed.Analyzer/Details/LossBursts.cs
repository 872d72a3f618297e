namespace Testbed.Analyzer.Details;

/// <summary>Losses of one direction in runs: packets of one flow that followed each other and were all lost.</summary>
/// <param name="Bursts">Runs, those of one packet included.</param>
/// <param name="Lost">Packets in all of them.</param>
/// <param name="Lengths">By length, shortest first; lengths without a run left out.</param>
/// <param name="Longest">Null where nothing was lost.</param>
public sealed record LossBursts(
    long Bursts, long Lost, IReadOnlyList<BurstLengths> Lengths, LongestBurst? Longest);

/// <summary>Runs whose length lies from <paramref name="From"/> to <paramref name="To"/>, both included.</summary>
public sealed record BurstLengths(long From, long To, long Bursts, long Lost);

/// <param name="Flow">Source, destination and protocol as the packets carried them where they were lost.</param>
/// <param name="FirstEvidence">File and number of the frame that holds the first packet of the run.</param>
public sealed record LongestBurst(
    long Length, string Flow, long FirstNs, string FirstEvidence, long LastNs, string LastEvidence);
