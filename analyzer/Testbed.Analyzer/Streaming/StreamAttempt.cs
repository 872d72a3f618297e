using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Analyzer.Matching;
using Testbed.Analyzer.Matching.Losses;
using Testbed.Analyzer.Meters.Sessions;
using Testbed.Analyzer.Profiles;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Streaming;

/// <summary>One reading of all files under one set of assumptions, and whether they turned out right.</summary>
internal sealed class StreamAttempt : IDisposable
{
    private readonly AnalysisRequest _request;
    private readonly AnalysisPlan _plan;
    private readonly MatchLimits _limits;
    private readonly List<(TapInput Input, TapRole Role)> _inputs;
    private readonly List<FrameDecoder> _decoders;
    private readonly List<TapProfile> _profiles = [];
    private readonly List<TapScanner> _scanners = [];
    private readonly List<TapStream> _streams = [];
    private readonly List<JoinSource> _sources = [];
    private readonly ActivityBySlice _activity;
    private readonly CrossingResult _result;
    private PairSums? _pairs;
    private TapStream? _n3;

    /// <param name="known">UEs and remotes that an earlier attempt saw.</param>
    public StreamAttempt(
        AnalysisRequest request, List<(TapInput Input, TapRole Role)> inputs, AnalysisPlan plan,
        DecoderSettings settings, MatchLimits limits, AddressRoles? known, long startNs)
    {
        (_request, _inputs, _plan, _limits) = (request, inputs, plan, limits);
        if (known is not null)
        {
            plan.Roles.Ues.UnionWith(known.Ues);
            plan.Roles.Remotes.UnionWith(known.Remotes);
        }
        // The reader of N3 asks for slices while the join does: each has a map of its own.
        _activity = new(plan.Again().Slices, ActiveSessionMeter.SlicesOf(request.Claim));
        _result = new(plan.Slices, request.Options);
        _decoders = [.. inputs.Select(input => new FrameDecoder(input.Role, settings))];
        ProfileSettings profile = TrafficAnalysis.ProfileSettingsOf(request, plan.Slices, startNs);
        for (int i = 0; i < inputs.Count; i++)
            _profiles.Add(new(_decoders[i], inputs[i].Input.Files, profile)
            {
                Activity = i == 0 ? _activity : null,
                FlowSeen = i == 0 && IsJoined ? (flow, way) => _n3!.Filling!.Seen.Add((flow, way)) : null,
            });
    }

    public AddressRoles Roles => _plan.Roles;
    private bool IsJoined => _inputs.Count > 1;
    public long FirstNs => _decoders.Min(decoder => decoder.Tally.FirstNs);
    public int DigestBytesKept => _decoders.Min(decoder => decoder.DigestBytesKept);
    /// <summary>Pairs that contradict what most pairs say of addresses.</summary>
    public bool HasStrays => Rule switch
    {
        AddressRule.SameFlow => _pairs!.OtherFlow > 0,
        AddressRule.SameRemote => _pairs!.OtherRemote > 0,
        _ => false,
    };

    /// <summary>What the addresses of this attempt's pairs show; the rule that it was made under, if any.</summary>
    public AddressRule Rule => _pairs is null || _limits.Rule is not AddressRule.Prefer ? _limits.Rule
        : PairFacts.RuleOf(_pairs.Pairs.Sum(), _pairs.OtherFlow, _pairs.OtherRemote);

    /// <summary>Every plain flow went the way that the whole of N3 gives it.</summary>
    public bool HasRightDirections
    {
        get
        {
            foreach (JoinSource source in _sources.Where(source => source.Side == 1))
                for (int flow = 0; flow < source.Flows.Count; flow++)
                    if (source.Flows[flow].IsDirected && source.Flows[flow].Direction
                        != DirectionResolver.OfPlain(source.Keys[flow], _plan.Roles, out _)) return false;
            return true;
        }
    }

    public void Run(ReadingProgress progress, CancellationToken cancellation)
    {
        for (int i = 0; i < _inputs.Count; i++)
        {
            TapScanner scanner = new(_inputs[i].Input, _inputs[i].Role, _decoders[i], IsJoined, progress.Advance);
            if (i == 0) scanner.Profile = _profiles[0];
            _scanners.Add(scanner);
        }
        if (IsJoined) Join(cancellation);
        else Scan(_scanners[0], cancellation);
        RequireN3Only();
        if (_decoders.Skip(1).Any(decoder => decoder.CarrierEnds.Count > 0))
            throw new HandOverException("N6 上有 IP 隧道", "N6 carries IP tunnels");
    }

    /// <summary>Classifies what stayed alone and gathers all that meters read.</summary>
    public AnalysisContext Finish()
    {
        if (IsJoined) RequireMostPaired();
        List<TapCapture> taps = [];
        List<Residue.Place[]> places = [];
        for (int i = 0; i < _inputs.Count; i++)
        {
            (RecordStore records, Residue.Place[] ofTap) = IsJoined ? _sources[i].Residue.InOrder() : (new(), []);
            places.Add(ofTap);
            taps.Add(new()
            {
                Name = _inputs[i].Input.Name, Role = _inputs[i].Role, IsEdge = _inputs[i].Input.IsEdge,
                Slices = _inputs[i].Input.Slices,
                Files = _inputs[i].Input.Files, Records = records, Decoder = _decoders[i],
                DamagedFiles = _scanners[i].Damaged, IsSorted = true, Profile = _profiles[i],
            });
        }
        AnalysisContext context = new()
        {
            Request = _request, Taps = taps, Roles = _plan.Roles, Slices = _plan.Slices,
            ControlPlane = _plan.ControlPlane, Activity = _activity,
        };
        if (IsJoined)
        {
            _plan.Roles.Remotes.ExceptWith(_plan.Roles.Ues);
            _result.Rule = Rule;
            new ResidueSums(_request, _plan, taps, places, _sources, _pairs!, _result).AddUp();
        }
        else
        {
            _result.OnN3[(int)UnmatchedReason.None] = _profiles[0].Kind(RecordKind.Gpdu);
        }
        context.Crossings = _result;
        return context;
    }

    public void Dispose()
    {
        foreach (TapStream stream in _streams) stream.Dispose();
        foreach (TapScanner scanner in _scanners) scanner.Dispose();
    }

    private static void Scan(TapScanner scanner, CancellationToken cancellation)
    {
        // Nobody takes these records, so they need not leave the first cache.
        Slab slab = new(VectorDecoder.FramesMax);
        while (scanner.Fill(slab))
        {
            cancellation.ThrowIfCancellationRequested();
            slab.Clear();
        }
    }

    private void Join(CancellationToken cancellation)
    {
        for (int i = 0; i < _scanners.Count; i++)
        {
            TapStream stream = new(_scanners[i], cancellation);
            _streams.Add(stream);
            _sources.Add(new(i, _scanners[i], stream) { Profile = i == 0 ? null : _profiles[i] });
        }
        _n3 = _streams[0];
        JoinSource[] sources = [.. _sources];
        _pairs = new(sources, _plan.Slices, _result);
        foreach (TapStream stream in _streams) stream.Start();
        new StreamJoin(sources, _limits, _plan.Roles, _pairs, cancellation).Run();
    }

    // Where hardly anything found its twin, the clocks may be further apart than the window; all packets can tell.
    private void RequireMostPaired()
    {
        long n3 = _profiles[0].Records, n6 = _profiles.Skip(1).Sum(profile => profile.Records);
        if (_pairs!.Pairs.Sum() <= Math.Min(n3, n6) / 2)
            throw new HandOverException("两侧成对的报文很少", "few packets were seen on both sides");
    }

    // N3 gives roles to the ends of its tunnels. Tunnels between UPFs (N9) show the same packets again, and which they
    // are is known only now.
    private void RequireN3Only()
    {
        TunnelTable tunnels = _decoders[0].Tunnels;
        AddressRoles roles = _plan.Roles;
        HashSet<HostAddress> known = [.. roles.UpfN3], receivers = [], senders = [];
        // Many tunnels have the same two ends.
        HashSet<(HostAddress, HostAddress, int)> seen = [];
        bool hasN9 = false;
        for (int i = 0; i < tunnels.Count; i++)
        {
            int way = Math.Sign(tunnels.NoteOf(i).Votes);
            TunnelKey tunnel = tunnels[i];
            if (!seen.Add((tunnel.Source, tunnel.Destination, way))) continue;
            hasN9 |= tunnel.Source != tunnel.Destination && known.Contains(tunnel.Source)
                && known.Contains(tunnel.Destination);
            if (way == 0) continue;
            roles.UpfN3.Add(way > 0 ? tunnel.Destination : tunnel.Source);
            roles.GnbN3.Add(way > 0 ? tunnel.Source : tunnel.Destination);
            if (way < 0) continue;
            receivers.Add(tunnel.Destination);
            senders.Add(tunnel.Source);
        }
        if (hasN9 || senders.Overlaps(receivers))
            throw new HandOverException("N3 上有 UPF 之间的隧道", "N3 carries tunnels between UPFs");
    }
}
