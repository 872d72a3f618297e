using System.CommandLine;
using Testbed.Benchmarks.Traffic;
using Testbed.Benchmarks.Traffic.Twists;

namespace Testbed.Benchmarks.Commands;

/// <summary>The generator's options, shared by the commands that generate.</summary>
internal sealed class TrafficArguments
{
    private static readonly TrafficOptions Usual = new();
    private const int MtuDefault = 1_400;

    private readonly Option<long> _packets =
        Number("--packets", "users' packets, both directions", Usual.Packets, 1, 1L << 32);
    private readonly Option<long> _tunnels =
        Number("--tunnels", "tunnels, two a session", Usual.Tunnels, 2, 20_000_000);
    private readonly Option<long> _flows = Number("--flows", "flows a session, 1 to 5", Usual.FlowsPerSession, 1, 5);
    private readonly Option<long> _seed =
        Number("--seed", "the same seed, the same files", (long)Usual.Seed, 0, long.MaxValue);
    private readonly Option<long> _rate =
        Number("--rate", "packets a second of capture time", Usual.RatePps, 100, 100_000_000);
    private readonly Option<double> _loss = Share("--loss", "share that the UPF loses", Usual.LossRatio);
    private readonly Option<double> _ipv6 = Share("--ipv6", "share of sessions with IPv6 inside", 0);
    private readonly Option<long> _snap = Number("--snap", "bytes kept of a frame", Usual.SnapLength, 128, 2_048);
    private readonly Option<bool> _pcap = new("--pcap") { Description = "classic pcap instead of pcapng" };
    private readonly Option<bool> _oneFile = new("--one-file") { Description = "both taps in one pcapng file" };
    private readonly Option<bool> _nat = new("--nat") { Description = "N6 shows translated addresses and ports" };
    private readonly Option<double> _equalKeys =
        Share("--equal-keys", "share of packets that are equal but for addresses", 0);
    private readonly Option<double> _offset = new("--clock-offset-ms")
    {
        Description = "N6's clock is ahead by", HelpName = "MS",
    };
    private readonly Option<double> _drift = new("--drift-ppm") { Description = "and gains so much", HelpName = "PPM" };
    private readonly Option<bool> _fragments = new("--fragment-n3") { Description = $"N3 has an MTU of {MtuDefault}" };
    private readonly Option<double> _tapLoss = Share("--tap-loss-n6", "share that the N6 tap misses", 0);
    private readonly Option<bool> _unsorted = new("--unsorted") { Description = "files are not in time order" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_packets, _tunnels, _flows, _seed, _rate, _loss, _ipv6, _snap, _pcap,
            _oneFile, _nat, _equalKeys, _offset, _drift, _fragments, _tapLoss, _unsorted])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_pcap) && result.GetValue(_oneFile))
                result.AddError("--pcap holds one interface a file: not with --one-file.");
        });
    }

    public TrafficOptions Read(ParseResult parsed)
    {
        TrafficOptions options = new()
        {
            Packets = parsed.GetValue(_packets),
            Tunnels = (int)parsed.GetValue(_tunnels),
            FlowsPerSession = (int)parsed.GetValue(_flows),
            Seed = (ulong)parsed.GetValue(_seed),
            RatePps = (int)parsed.GetValue(_rate),
            LossRatio = parsed.GetValue(_loss),
            Ipv6Share = parsed.GetValue(_ipv6),
            SnapLength = (int)parsed.GetValue(_snap),
            ClassicPcap = parsed.GetValue(_pcap),
            OneFile = parsed.GetValue(_oneFile),
        };
        return options with { Twists = Twists(parsed, options) };
    }

    private List<ITwist> Twists(ParseResult parsed, TrafficOptions options)
    {
        List<ITwist> twists = [];
        if (parsed.GetValue(_equalKeys) is > 0 and var equal) twists.Add(new EqualKeys(equal, options.Seed));
        if (parsed.GetValue(_tapLoss) is > 0 and var missed) twists.Add(new TapLoss(missed, options.Seed));
        if (parsed.GetValue(_nat)) twists.Add(new AddressTranslation());
        if (parsed.GetValue(_fragments)) twists.Add(new OuterFragments(MtuDefault));
        (double offsetMs, double drift) = (parsed.GetValue(_offset), parsed.GetValue(_drift));
        if (offsetMs != 0 || drift != 0)
            twists.Add(new SkewedClock(
                (long)(offsetMs * 1e6), drift, options.Packets * 1_000_000_000 / options.RatePps));
        if (parsed.GetValue(_unsorted)) twists.Add(new Unsorted(options.Seed));
        return twists;
    }

    private static Option<long> Number(string name, string description, long usual, long min, long max)
    {
        Option<long> option = new(name)
        {
            Description = $"{description} ({usual:N0})", HelpName = "N", DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long>() is var value && (value < min || value > max))
                result.AddError($"{name} {value}: expected {min} to {max}.");
        });
        return option;
    }

    private static Option<double> Share(string name, string description, double usual)
    {
        Option<double> option = new(name)
        {
            Description = $"{description} ({usual})", HelpName = "0..1", DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 1)) result.AddError($"{name}: expected 0 to 1.");
        });
        return option;
    }
}
