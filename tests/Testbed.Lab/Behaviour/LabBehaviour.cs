using Testbed.Lab.Behaviour.Security;
using Testbed.Lab.Control;
using Testbed.Lab.Edge;
using Testbed.Lab.Exposure;
using Testbed.Lab.Incidents;
using Testbed.Lab.Taps;
using Testbed.Lab.Topology;
using Testbed.Lab.Users;

namespace Testbed.Lab.Behaviour;

/// <summary>
/// How the lab behaves: an honest testbed by default. Faults replace or wrap single parts before the lab starts; no
/// part asks which fault is on.
/// </summary>
internal sealed class LabBehaviour
{
    /// <summary>
    /// One way over slice iot's radio. A cell's own delay is what a scheduler's tails have to be compared with; without
    /// one, the lab's processors would look like a network that one slice takes from the other.
    /// </summary>
    public static readonly TimeSpan IotRadioDelay = TimeSpan.FromMilliseconds(10);

    private readonly PathBehaviour[] _paths =
        [.. Enum.GetValues<PathPoint>().Select(_ => new PathBehaviour())];

    public LabBehaviour(int seed)
    {
        Seed = seed;
        foreach (PathPoint radio in (PathPoint[])[PathPoint.GnbUplink, PathPoint.GnbDownlink])
            At(radio).Add(new DelayInSlice(SliceAccess.Iot, new FixedDelay(IotRadioDelay)));
    }

    /// <summary>From which policies derive their own seeds, so that a lab can be repeated.</summary>
    public int Seed { get; }

    public IGtpFraming Framing { get; set; } = new PduSessionFraming();

    /// <summary>What the UPF answers on N3.</summary>
    public IPathAnswers PathAnswers { get; set; } = new StandardAnswers();

    /// <summary>gNB and AMF part speak NGAP.</summary>
    public bool HasN2 { get; set; } = true;

    /// <summary>UEs register and get their sessions over N2; else sessions are made without a word there.</summary>
    public bool RegistersUes { get; set; } = true;

    /// <summary>What each slice's sessions are established with.</summary>
    public ISubscriptions Subscriptions { get; set; } = new SubscriptionPerSlice();

    /// <summary>Whether a UE gets only what it is subscribed to.</summary>
    public bool ChecksSubscriptions { get; set; } = true;

    /// <summary>Which of its N3 addresses the UPF serves a session from.</summary>
    public IAnchorChoice Anchor { get; set; } = new OneAnchor(Plan.UpfN3);

    /// <summary>Which sessions the UPF takes.</summary>
    public ISessionAdmission Admission { get; set; } = new AdmitAll();

    /// <summary>What the UPF makes of a session's maximum bit rate.</summary>
    public IRateEnforcement Rates { get; set; } = new AsSignalled();

    /// <summary>The capacity behind those rates.</summary>
    public IUserPlaneLinks Links { get; set; } = new LinkPerSlice();
    /// <summary>Which source addresses the UPF takes from a UE.</summary>
    public ISourceCheck Sources { get; set; } = new OwnAddressOnly();

    /// <summary>What the UPF makes of users' packets to its own addresses.</summary>
    public IOwnTraffic OwnTraffic { get; set; } = new NothingForUsers();

    /// <summary>Whether the UPF carries packets between UEs.</summary>
    public ILocalSwitch LocalSwitch { get; set; } = new UesApart();

    /// <summary>How the UPF chooses TEIDs.</summary>
    public ITeidChoice Teids { get; set; } = new RandomTeids();

    /// <summary>Whether the UPF survives what N3 brings.</summary>
    public IUpfHealth Health { get; set; } = new SteadyUpf();

    /// <summary>What the claim says of the network's security.</summary>
    public ClaimedSecurity Claimed { get; } = new();

    /// <summary>Data networks (by network instance) and the N6 interfaces that lead there.</summary>
    public Dictionary<string, IReadOnlyList<string>> NetworkInstances { get; } =
        new(SliceAccess.All.Select(slice => new KeyValuePair<string, IReadOnlyList<string>>(
            slice.Dnn, [slice.N6Interface])), StringComparer.Ordinal)
        {
            [Plan.EdgeInstance] = [Plan.EdgeInterface],
        };

    /// <summary>What leaves sessions locally.</summary>
    public List<BreakoutRule> Breakouts { get; } = [.. BreakoutRule.Honest];

    /// <summary>The central data network leads to the edge host, and the UPF knows of no other way.</summary>
    public bool EdgeIsBehindCentre { get; set; }

    /// <summary>What looks at the packets that the UPF lets through uplink.</summary>
    public List<IUplinkTee> UplinkTees { get; } = [];

    /// <summary>How the MEC platform behaves.</summary>
    public IMecPolicy Mec { get; set; } = new StandardMec();

    /// <summary>What the edge site's name server says.</summary>
    public INameAnswers Names { get; set; } = new EdgeDiscovery();

    /// <summary>The lab's own UEs; more may be added.</summary>
    public List<UePopulation> Background { get; } = [.. UePopulation.Honest];

    /// <summary>What stands beside the gNB and answers in the place of the data network.</summary>
    public List<IUplinkInterceptor> Interceptors { get; } = [];

    /// <summary>Each stands before the SMF part and may establish sessions in another way; applied in order.</summary>
    public List<Func<ISessionControl, SessionBackDoor, ISessionControl>> SessionControls { get; } = [];

    /// <summary>What applications see of the network, and what it does for them.</summary>
    public ExposureBehaviour Exposure { get; } = new();

    /// <summary>What happens in the middle of an inspection.</summary>
    public List<Incident> Incidents { get; } = [];

    /// <summary>What the kits' processes find around them.</summary>
    public KitSurroundings Kits { get; } = new();

    /// <summary>By the kit's interface: taps that get copies, through these. All others are in the cable.</summary>
    public Dictionary<string, List<ITapFilter>> TapFilters { get; } = new(StringComparer.Ordinal);

    public void AddTapFilter(string tap, ITapFilter filter)
    {
        if (!TapFilters.TryGetValue(tap, out List<ITapFilter>? filters)) TapFilters[tap] = filters = [];
        filters.Add(filter);
    }

    /// <summary>Where an insider finds the run's plan; null when there is none.</summary>
    public string? InsiderFolder { get; init; }

    public PathBehaviour At(PathPoint point) => _paths[(int)point];
}
