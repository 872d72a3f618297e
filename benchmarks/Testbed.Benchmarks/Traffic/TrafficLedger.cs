using System.Text.Json;

namespace Testbed.Benchmarks.Traffic;

/// <summary>
/// The truth about a made-up network, kept by its maker and never read from the files: what an analyzer of the files
/// has to find. Names are those of <c>testbed analyze --json</c> where the same thing is meant.
/// </summary>
internal sealed record TrafficLedger
{
    public const string FileName = "ledger.json";
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string Schema { get; init; } = "testbed.traffic-ledger/1";
    /// <summary>What was asked for, so that a cached pair can be known again.</summary>
    public required string Recipe { get; init; }
    public IReadOnlyList<string> N3Files { get; init; } = [];
    public IReadOnlyList<string> N6Files { get; init; } = [];
    public required TapLedger N3 { get; init; }
    public required TapLedger N6 { get; init; }
    public required GtpULedger Gtpu { get; init; }
    public required DirectionLedger Uplink { get; init; }
    public required DirectionLedger Downlink { get; init; }
    /// <summary>Packets that share their bytes, addresses and ports left out, with others.</summary>
    public long EqualKeys { get; init; }
    /// <summary>What the N6 tap's clock is ahead of N3's at the start.</summary>
    public long ClockOffsetNs { get; init; }
    public double ClockDriftPpm { get; init; }

    public long Matched => Uplink.Matched + Downlink.Matched;

    public void Save(string folder) =>
        File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Format));

    /// <summary>Null when the folder holds none that can be read.</summary>
    public static TrafficLedger? Load(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<TrafficLedger>(
                File.ReadAllBytes(Path.Combine(folder, FileName)), Format);
        }
        catch (Exception missing) when (missing is IOException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>What one tap's file holds.</summary>
internal sealed record TapLedger
{
    public long Packets { get; set; }
    /// <summary>Bytes on the wire.</summary>
    public long Bytes { get; set; }
}

/// <summary>What N3 shows.</summary>
internal sealed record GtpULedger
{
    public long Gpdu { get; set; }
    public long Tunnels { get; set; }
    public long Ues { get; set; }
    public SortedDictionary<int, long> Qfis { get; init; } = [];
    public long Uplink { get; set; }
    public long Downlink { get; set; }
}

/// <summary>One direction through the UPF.</summary>
internal sealed record DirectionLedger
{
    public long Entered { get; set; }
    /// <summary>Entered and never left.</summary>
    public long Lost { get; set; }
    /// <summary>Passed N6 without being captured there.</summary>
    public long MissedOnN6 { get; set; }
    /// <summary>Lost, and not captured on N6 either.</summary>
    public long LostAndMissed { get; set; }
    /// <summary>Seen at both taps.</summary>
    public long Matched { get; set; }
    /// <summary>True transit of what was seen at both taps.</summary>
    public DelayLedger? DelayNs { get; set; }
}

/// <summary>Nanoseconds; quantiles by nearest rank over all samples, the mean cut to a whole number.</summary>
internal sealed record DelayLedger(long Min, long Mean, long P50, long P90, long P99, long P999, long Max);
