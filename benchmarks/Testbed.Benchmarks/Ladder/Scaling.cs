using Testbed.Benchmarks.Traffic;

namespace Testbed.Benchmarks.Ladder;

/// <summary>
/// How the cost of a packet changes with processors, packets and tunnels. Pairs are generated, measured and thrown
/// away one after the other: the largest would not lie beside the others in the page cache.
/// </summary>
internal sealed class Scaling(string ours, string cache, int rounds, ProcessMeter meter)
{
    private static readonly long[] PacketSteps = [1, 4, 16];
    private readonly TextGrid _grid = new(
        "varied", "packets a side", "tunnels", "processors", "question", "ns a packet", "of the first",
        "CPU ns a packet", "peak MiB", "ledger");

    public bool Agrees { get; private set; } = true;

    public void Run(TrafficOptions options, long tunnelPackets, int tunnelsMax, TextWriter output)
    {
        using (Workspace usual = new(options, cache))
        {
            Group((usual.Pair, 1, Question.N3Profile), (usual.Pair, 2, Question.N3Profile));
            Group((usual.Pair, 1, Question.TwoPoint), (usual.Pair, 2, Question.TwoPoint));
        }
        Row? firstN3 = null, firstBoth = null;
        foreach (long step in PacketSteps)
        {
            using Workspace larger = new(options with { Packets = options.Packets * step }, cache);
            firstN3 = Measure("packets", larger.Pair, 2, Question.N3Profile, firstN3);
            firstBoth = Measure("packets", larger.Pair, 2, Question.TwoPoint, firstBoth);
        }
        Row? fewest = null;
        for (int tunnels = 1_000; tunnels <= tunnelsMax; tunnels *= 10)
        {
            // One flow a session, or a table of flows would be measured instead of one of tunnels.
            using Workspace crowd = new(
                options with { Packets = tunnelPackets, Tunnels = tunnels, FlowsPerSession = 1 }, cache);
            fewest = Measure("tunnels", crowd.Pair, 2, Question.N3Profile, fewest);
        }
        _grid.Print(output);
    }

    private sealed record Row(double NsPerPacket);

    private void Group(params ReadOnlySpan<(TrafficPair Pair, int Processors, Question Question)> points)
    {
        Row? first = null;
        foreach ((TrafficPair pair, int processors, Question question) in points)
            first = Measure("processors", pair, processors, question, first);
    }

    /// <returns>The first row of its group.</returns>
    private Row Measure(string varied, TrafficPair pair, int processors, Question question, Row? first)
    {
        bool isN3 = question is Question.N3Profile;
        string[] files = isN3 ? ["--n3", pair.N3] : ["--n3", pair.N3, "--n6", pair.N6];
        long packets = pair.Ledger.N3.Packets + (isN3 ? 0 : pair.Ledger.N6.Packets);
        string on = processors == 1 ? "0" : $"0-{processors - 1}";
        Standing standing = new(new(
            "testbed analyze", question, ["taskset", "-c", on, ours, "analyze", .. files, "--json"],
            packets, path => LedgerComparison.Of(pair.Ledger, path, twoPoint: !isN3)));
        for (int round = 0; round < rounds; round++) standing.Run(meter);
        Report(standing);
        if (standing.Failure is not null)
        {
            _grid.Add(varied, $"{pair.Ledger.N3.Packets:N0}", $"{pair.Ledger.Gtpu.Tunnels:N0}", $"{processors}",
                $"{question}", "failed", "", "", "", standing.Failure);
            return first ?? new(double.NaN);
        }
        Spread cost = Spread.Of(standing.Rounds.Select(round => round.Seconds * 1e9 / packets));
        first ??= new(cost.Median);
        _grid.Add(varied, $"{pair.Ledger.N3.Packets:N0}", $"{pair.Ledger.Gtpu.Tunnels:N0}", $"{processors}",
            $"{question}", cost.ToText(), $"× {cost.Median / first.NsPerPacket:F2}",
            $"{standing.CpuSeconds * 1e9 / packets:F0}", $"{standing.PeakKiB / 1024.0:F0}",
            standing.Differences is { Count: 0 } ? "agrees" : $"{standing.Differences?.Count} differences");
        return first;
    }

    private void Report(Standing standing)
    {
        string command = string.Join(' ', standing.Contender.Command);
        foreach (string difference in standing.Differences ?? [standing.Failure ?? "not asked"])
        {
            Console.Error.WriteLine($"bench: {command}: {difference}");
            Agrees = false;
        }
    }

    /// <summary>A generated pair, in the page cache, that is gone when it is disposed of.</summary>
    private sealed class Workspace : IDisposable
    {
        private readonly string _folder;

        public Workspace(TrafficOptions options, string cache)
        {
            _folder = Path.Combine(cache, "scaling");
            Pair = TrafficPair.Prepare(options, _folder);
            Pair.Warm();
        }

        public TrafficPair Pair { get; }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
