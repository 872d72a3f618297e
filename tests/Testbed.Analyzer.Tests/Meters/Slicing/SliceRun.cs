using System.Globalization;
using System.Net;
using System.Text;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters.Slicing;

/// <summary>A made-up overload: one block of load on N3 and N6, with witnesses' records beside it.</summary>
internal sealed class SliceRun : IDisposable
{
    public const long BlockStartUs = 2_000_000, BlockEndUs = 4_500_000;
    public const int UePort = 30_000, RemotePort = 31_000;
    /// <summary>Two thirds of what the load offers, Mbit/s.</summary>
    public const decimal Limit = 0.5483m;
    private const int PayloadBytes = 1_000;
    private const string Phase = "overload";

    private readonly List<LoadContext> _loads = [];
    private readonly List<WitnessContext> _witnesses = [], _otherWitnesses = [];
    private readonly List<LoadContext> _otherLoads = [];

    public SliceRun() => Crossing.AddMargins();

    public CrossingRun Crossing { get; } = new() { Claim = TestClaims.TwoSlices };
    public long ClockBoundNs { get; set; }
    public long N6Drops { get; set; }
    public long BlockShiftUs { get; set; }

    /// <summary>What a UPF lets through that keeps <see cref="Limit"/>.</summary>
    public static bool TwoOfThree(int i) => i % 3 != 0;

    private static long Ns(long us) => CaptureFolder.StartNs + us * 1000;

    /// <summary>A packet each 10 ms: 0.8224 Mbit/s with headers.</summary>
    /// <param name="passes">Whether the UPF lets a packet through.</param>
    public void Load(
        decimal limitMbps, Func<int, bool> passes, string part = "ambr", string direction = "uplink", byte qfi = 9,
        int portOffset = 0, byte seenQfi = 9, Func<int, bool>? sends = null, string phase = Phase, string slice = "A")
    {
        int ue = UePort + portOffset, remote = RemotePort + portOffset, i = 0;
        for (long us = BlockStartUs; us < BlockEndUs; us += 10_000, i++)
        {
            if (sends?.Invoke(i) == false) continue;
            ushort id = (ushort)(1 + i + portOffset * 300);
            byte[] inner = direction == "uplink"
                ? Packets.Udp(Packets.Ue, Packets.Server, i, id, ue, remote, PayloadBytes)
                : Packets.Udp(Packets.Server, Packets.Ue, i, id, remote, ue, PayloadBytes);
            if (direction == "uplink" || passes(i))
                Crossing.OnN3(us + 20, direction == "uplink"
                    ? Packets.Up(inner, qfi: seenQfi) : Packets.Down(inner, qfi: seenQfi));
            if (direction != "uplink" || passes(i)) Crossing.OnN6(us + 10, inner);
        }
        string path = Crossing.Folder.Path($"load-{_otherLoads.Count + _loads.Count + 1}.csv");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture,
            $"block,startUnixNs,endUnixNs,packets,bytes\n1,{Ns(BlockStartUs)},{Ns(BlockEndUs + BlockShiftUs)},{i},"
            + $"{i * 1028}\n"));
        _loads.Add(new(phase, part, slice, direction, IPAddress.Parse(Packets.Ue), ue, IPAddress.Parse(Packets.Server),
            remote, qfi, limitMbps, path));
    }

    /// <summary>A packet each millisecond from 0 to 6.5 s.</summary>
    /// <param name="roundTripUs">By the packet's time; −1 is lost.</param>
    public void Witness(
        string part, string slice, int qfi, Func<long, bool, long> roundTripUs, Func<long, bool>? isDisturbed = null,
        string phase = Phase)
    {
        StringBuilder text = new("seq,t1Ns,t2Ns,t3Ns,t4Ns,status,disturbed\n");
        for (long us = 0; us < 6_500_000; us += 1_000)
        {
            long trip = roundTripUs(us, us is >= BlockStartUs and < BlockEndUs);
            long back = trip < 0 ? 0 : Ns(us + trip);
            text.Append(CultureInfo.InvariantCulture,
                $"{us / 1000},{Ns(us)},{back},{back},{back},{(trip < 0 ? "lost" : "answered")},");
            text.Append(isDisturbed?.Invoke(us) == true ? "1\n" : "0\n");
        }
        int session = 2_001 + _otherWitnesses.Count + _witnesses.Count;
        string path = Crossing.Folder.Path($"stamp-{session}.csv");
        File.WriteAllText(path, text.ToString());
        _witnesses.Add(new(phase, part, "A", qfi, new(session, slice, IPAddress.Parse("10.46.0.2"),
            IPAddress.Parse("10.100.62.10"), 40_000, path)));
    }

    /// <summary>A witness's packet and its answer on N3.</summary>
    public void WitnessOnN3(long us, byte upQfi, byte downQfi)
    {
        ushort id = (ushort)(50_000 + us / 1_000);
        Crossing.OnN3(us, Packets.Up(Packets.Udp("10.46.0.2", "10.100.62.10", 1, id, 30_500, 40_000), qfi: upQfi));
        Crossing.OnN3(
            us + 100, Packets.Down(Packets.Udp("10.100.62.10", "10.46.0.2", 1, id, 40_000, 30_500), qfi: downQfi));
    }

    /// <summary>What was loaded and measured so far was another attempt, which the plan's rule set aside.</summary>
    public void SetAside()
    {
        _otherLoads.AddRange(_loads.Select(load => load with { Phase = Phase + "-retest-1" }));
        _otherWitnesses.AddRange(_witnesses.Select(witness => witness with { Phase = Phase + "-retest-1" }));
        _loads.Clear();
        _witnesses.Clear();
    }

    public IReadOnlyList<KpiResult> Analyze()
    {
        Crossing.Run = new()
        {
            Nonce = new byte[32], Loads = _loads, Witnesses = _witnesses, ClockBoundNs = ClockBoundNs,
            OtherLoads = _otherLoads, OtherWitnesses = _otherWitnesses,
            CaptureCounters = new Dictionary<string, CaptureCounters> { ["n6.pcapng"] = new(1_000, N6Drops, 0) },
        };
        return Crossing.Analyze().Kpis;
    }

    public void Dispose() => Crossing.Dispose();
}
