using System.Text.Json;
using Testbed.Benchmarks.Traffic;

namespace Testbed.Benchmarks.Ladder;

/// <summary>
/// Holds what <c>testbed analyze --json</c> printed against the ledger: counts, minimum, maximum and mean must be
/// equal, quantiles within the histogram's promise.
/// </summary>
internal sealed class LedgerComparison(TrafficLedger ledger)
{
    private const double QuantileTolerance = 0.001;
    private readonly List<string> _differences = [];

    /// <summary>Every difference in words; none when they agree.</summary>
    /// <param name="twoPoint">Both sides were given, not N3 alone.</param>
    public static IReadOnlyList<string> Of(TrafficLedger ledger, string jsonPath, bool twoPoint) =>
        new LedgerComparison(ledger).Compare(jsonPath, twoPoint);

    private List<string> Compare(string jsonPath, bool twoPoint)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(jsonPath));
            Profile(document.RootElement);
            if (twoPoint) Match(document.RootElement);
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or KeyNotFoundException
            or InvalidOperationException)
        {
            _differences.Add($"what it printed cannot be read: {unreadable.Message}");
        }
        return _differences;
    }

    private void Profile(JsonElement root)
    {
        Tap("n3", root.GetProperty("n3"), ledger.N3);
        JsonElement gtpu = root.GetProperty("gtpu");
        Equal("gtpu.gpdu", gtpu, "gpdu", ledger.Gtpu.Gpdu);
        Equal("gtpu.tunnels", gtpu, "tunnels", ledger.Gtpu.Tunnels);
        Equal("gtpu.ues", gtpu, "ues", ledger.Gtpu.Ues);
        Equal("gtpu.uplink", gtpu, "uplink", ledger.Gtpu.Uplink);
        Equal("gtpu.downlink", gtpu, "downlink", ledger.Gtpu.Downlink);
        JsonElement qfis = gtpu.GetProperty("qfis");
        foreach ((int qfi, long packets) in ledger.Gtpu.Qfis) Equal($"gtpu.qfis.{qfi}", qfis, $"{qfi}", packets);
        int known = qfis.EnumerateObject().Count();
        if (known != ledger.Gtpu.Qfis.Count) _differences.Add($"gtpu.qfis: {known}, ledger {ledger.Gtpu.Qfis.Count}");
    }

    private void Match(JsonElement root)
    {
        Tap("n6", root.GetProperty("n6"), ledger.N6);
        JsonElement match = root.GetProperty("match");
        Equal("match.matched", match, "matched", ledger.Matched);
        Direction("uplink", match.GetProperty("uplink"), ledger.Uplink);
        Direction("downlink", match.GetProperty("downlink"), ledger.Downlink);
    }

    private void Tap(string name, JsonElement tap, TapLedger truth)
    {
        Equal($"{name}.packets", tap, "packets", truth.Packets);
        Equal($"{name}.bytes", tap, "bytes", truth.Bytes);
        Equal($"{name}.decoded", tap, "decoded", truth.Packets);
    }

    private void Direction(string name, JsonElement direction, DirectionLedger truth)
    {
        Equal($"{name}.matched", direction, "matched", truth.Matched);
        Equal($"{name}.lost", direction, "lost", truth.Lost);
        if (truth.DelayNs is not { } delay) return;
        JsonElement measured = direction.GetProperty("delayNs");
        Equal($"{name}.delayNs.min", measured, "min", delay.Min);
        Equal($"{name}.delayNs.mean", measured, "mean", delay.Mean);
        Equal($"{name}.delayNs.max", measured, "max", delay.Max);
        foreach ((string quantile, long value) in ((string, long)[])
            [("p50", delay.P50), ("p90", delay.P90), ("p99", delay.P99), ("p999", delay.P999)])
        {
            long found = measured.GetProperty(quantile).GetInt64();
            if (Math.Abs(found - value) > value * QuantileTolerance)
                _differences.Add($"{name}.delayNs.{quantile}: {found}, ledger {value}");
        }
    }

    private void Equal(string name, JsonElement parent, string property, long truth)
    {
        long? found = parent.TryGetProperty(property, out JsonElement value) ? value.GetInt64() : null;
        if (found != truth) _differences.Add($"{name}: {found?.ToString() ?? "missing"}, ledger {truth}");
    }
}
