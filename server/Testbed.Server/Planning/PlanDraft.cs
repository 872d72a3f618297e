using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;
using Testbed.Server.Planning.Security;

namespace Testbed.Server.Planning;

/// <summary>What planners share while a plan grows: the claim, its limits, the ports, the phases so far.</summary>
internal sealed class PlanDraft(
    Claim claim, PlanSize size, RequirementFilter filter, PortDraw ports, IKitAddresses kits, string exposureCa = "")
{
    private int _stampSessions;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public Claim Claim => claim;
    public bool IsQuick => size == PlanSize.Quick;
    public PortDraw Ports => ports;
    public TrialNumbers Trials { get; } = new();
    public IKitAddresses Kits => kits;
    /// <summary>The CA certificates that the claim's NEF is held to, PEM; empty for the system's.</summary>
    public string ExposureCa => exposureCa;
    public IReadOnlyDictionary<string, string> EdgeCas { get; init; } = new Dictionary<string, string>();
    /// <summary>The same for an edge host's MEC platform.</summary>
    public string EdgeCa(EdgeHost host) => EdgeCas.GetValueOrDefault(host.Name) ?? "";
    /// <summary>What the figures are held to; null where no such profile is known.</summary>
    public Profile? Criteria { get; init; }
    public List<PlanTask> Captures { get; } = [];
    public List<PlanPhase> Phases { get; } = [];
    public List<PlanOmission> Omissions { get; } = [];

    /// <summary>Seconds planned so far.</summary>
    public int Seconds => Phases.Sum(phase => phase.Seconds);

    /// <summary>Numbers of STAMP sessions; keys derive from them, so none comes twice in a plan.</summary>
    public int NextStampSession() => ++_stampSessions;

    public bool Wants(params string[] requirements) => filter.WantsAny(requirements);

    /// <summary>
    /// True when the ServiceProfile of this slice is to be held against what a scenario on it measures (SLC-008).
    /// </summary>
    public bool WantsProfileOf(string slice) =>
        Wants("SLC-008") && claim.Slices.Any(each => each.Name == slice && each.ServiceProfile is not null);

    public bool Consents(string what) => claim.Consent.Contains(what, StringComparer.Ordinal);

    /// <summary>Most that may be sent, in Mbit/s; never above the product's own ceiling.</summary>
    public decimal LimitMbps => Math.Min(claim.Limits.Mbps ?? ProductLimits.Mbps, ProductLimits.Mbps);
    public int LimitSessions => claim.Limits.Sessions ?? ProductLimits.Sessions;

    public TestEndpoint? Ue(string slice) => Endpoint("ue", slice);

    /// <summary>The far end of a slice's test path: an endpoint of its own, else one that serves every slice.</summary>
    public TestEndpoint? FarEnd(string role, string slice) =>
        Endpoint(role, slice) ?? claim.Endpoints.FirstOrDefault(each => each.Role == role && each.Slice is null);

    /// <summary>The same with an address of this family.</summary>
    public TestEndpoint? Ue(string slice, AddressFamily family) => Endpoint("ue", slice, family);

    /// <inheritdoc cref="Ue(string, AddressFamily)"/>
    public TestEndpoint? FarEnd(string role, string slice, AddressFamily family) =>
        Endpoint(role, slice, family) ?? Endpoint(role, null, family);

    public PlanTask Task(string kind, string kit, int seconds, params (string Name, object Value)[] parameters)
    {
        int number = _numbers[kind] = _numbers.GetValueOrDefault(kind) + 1;
        SortedDictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach ((string name, object value) in parameters)
            texts.Add(name, Convert.ToString(value, CultureInfo.InvariantCulture)!);
        return new($"{kind}-{number}", kind, kit, seconds, texts);
    }

    public void Omit(string what, string zh, string en, params string[] requirements) =>
        Omissions.Add(new(what, new LocalText(zh, en), requirements));

    private TestEndpoint? Endpoint(string role, string slice) => claim.Endpoints.FirstOrDefault(
        each => each.Role == role && string.Equals(each.Slice, slice, StringComparison.Ordinal));

    private TestEndpoint? Endpoint(string role, string? slice, AddressFamily family) =>
        claim.Endpoints.FirstOrDefault(each => each.Role == role && each.Address.AddressFamily == family
            && string.Equals(each.Slice, slice, StringComparison.Ordinal));
}

/// <summary>What the product itself never exceeds when a claim sets no limit.</summary>
internal static class ProductLimits
{
    /// <summary>A 10 Gbit/s port, the fastest that a kit has.</summary>
    public const decimal Mbps = 10_000;
    /// <summary>As many as one kit plays, as the probe takes.</summary>
    public const int Sessions = 10_000;
}

/// <summary>Which addresses a kit has of its own, so that a plan can say where a test starts from.</summary>
public interface IKitAddresses
{
    /// <summary>
    /// The kit's address nearest to <paramref name="peer"/>, or null when none shares its first 16 bits.
    /// </summary>
    IPAddress? Near(string kit, IPAddress peer);
}
