using Testbed.Benchmarks.Traffic.Twists;

namespace Testbed.Benchmarks.Traffic;

/// <summary>
/// Writes what two taps, on N3 and on N6 of one UPF, capture of a made-up network, and the ledger of what really
/// happened. Streams: memory holds what is in flight, a counter a flow, and four bytes a packet for the ledger.
/// </summary>
internal sealed class TrafficGenerator
{
    private readonly ITwist[] _twists;
    private readonly LedgerKeeper _keeper;
    private readonly PacketSource _source;
    private readonly InFlight _inFlight = new();
    private readonly Framer _framer;
    private readonly IFrameSink[] _taps = new IFrameSink[2];
    private readonly int[] _frameBytes = new int[2];

    private TrafficGenerator(TrafficOptions options, FrameFile[] files)
    {
        _twists = [.. options.Twists];
        _keeper = new(options);
        _source = new(options);
        _framer = new(new(new(options.Seed)));
        foreach (Tap tap in (Tap[])[Tap.N3, Tap.N6])
        {
            IFrameSink sink = files[(int)tap];
            foreach (ITwist twist in options.Twists.Reverse()) sink = twist.Wrap(sink, tap);
            _taps[(int)tap] = sink;
            _frameBytes[(int)tap] = options.Twists.Any(twist => twist.NeedsWholeFrames)
                ? int.MaxValue : options.SnapLength;
        }
    }

    /// <summary>Makes the captures and <c>ledger.json</c> in a folder that exists.</summary>
    public static TrafficLedger Run(TrafficOptions options, string folder)
    {
        string extension = options.ClassicPcap ? "pcap" : "pcapng";
        string[] names = options.OneFile ? ["both.pcapng"] : [$"n3.{extension}", $"n6.{extension}"];
        string[] paths = [.. names.Select(name => Path.Combine(folder, name))];
        File.Delete(Path.Combine(folder, TrafficLedger.FileName));
        List<ICaptureWriter> writers = [];
        try
        {
            if (options.OneFile) writers.Add(new PcapNgFile(paths[0], options.SnapLength, "n3", "n6"));
            else
                foreach (string path in paths) writers.Add(Open(options, path));
            FrameFile[] files =
                [new(writers[0], 0, options.SnapLength), new(writers[^1], options.OneFile ? 1 : 0, options.SnapLength)];
            TrafficGenerator generator = new(options, files);
            generator.Run();
            TrafficLedger ledger = generator._keeper.Close(
                RecipeOf(options), files[0].Ledger, files[1].Ledger, [names[0]], [names[^1]]);
            ledger.Save(folder);
            return ledger;
        }
        finally
        {
            writers.ForEach(writer => writer.Dispose());
        }
    }

    /// <summary>All that decides what the files hold, in words.</summary>
    public static string RecipeOf(TrafficOptions options) =>
        $"v1 packets {options.Packets} tunnels {options.Tunnels} flows {options.FlowsPerSession} "
        + $"seed {options.Seed} rate {options.RatePps} loss {options.LossRatio} ipv6 {options.Ipv6Share} "
        + $"snap {options.SnapLength} {(options.ClassicPcap ? "pcap" : "pcapng")}"
        + (options.OneFile ? " one-file" : "") + string.Concat(options.Twists.Select(twist => " " + twist.Name));

    private static ICaptureWriter Open(TrafficOptions options, string path) => options.ClassicPcap
        ? new ClassicPcapFile(path, options.SnapLength)
        : new PcapNgFile(path, options.SnapLength, Path.GetFileNameWithoutExtension(path));

    private void Run()
    {
        while (_source.TryNext(out UserPacket packet))
        {
            foreach (ITwist twist in _twists) twist.Apply(ref packet);
            LetOut(packet.EntryNs);
            _keeper.Book(packet);
            See(packet, packet.EntryTap, packet.EntryNs);
            if (!packet.IsLost) _inFlight.Add(packet);
        }
        LetOut(long.MaxValue);
        foreach (IFrameSink tap in _taps) tap.Finish();
    }

    private void LetOut(long untilNs)
    {
        while (_inFlight.Count > 0 && _inFlight.NextExitNs <= untilNs)
        {
            UserPacket packet = _inFlight.Take();
            See(packet, packet.ExitTap, packet.ExitNs);
        }
    }

    private void See(in UserPacket packet, Tap tap, long timeNs)
    {
        if (tap is Tap.N6 && packet.IsMissedOnN6) return;
        ReadOnlySpan<byte> frame = _framer.Write(packet, tap, _frameBytes[(int)tap]);
        _taps[(int)tap].Accept(
            new(tap, timeNs, Framer.Length(packet, tap), packet.IsUplink, packet.Session, packet.Kind), frame);
    }
}
