using System.Net;

namespace Testbed.Probes.Slicing;

/// <summary>
/// The parameters of a slice-reach: from one UE to addresses that it must not reach, and to one that it must.
/// </summary>
/// <param name="Interface">
/// The UE's interface. A kit may play several slices' UEs, and its kernel would deliver between them by itself.
/// </param>
/// <param name="Targets">The other slice's UEs and data network.</param>
/// <param name="Own">The UE's own data network: what is not seen there either shows nothing.</param>
/// <param name="Port">Destination port of UDP and TCP tries, drawn by the plan.</param>
/// <param name="Session">Number that the key of the UDP tries is derived with; no STAMP session has it.</param>
/// <param name="Tries">To the targets, all protocols together.</param>
internal sealed record ReachOrder(
    IPAddress LocalAddress, int LocalPort, string Interface, IReadOnlyList<IPAddress> Targets, IPAddress Own,
    int Port, int Session, int Tries, int RatePps)
{
    public const string RecordName = "reach.csv";
    private const int TargetsMax = 64;

    public static ReachOrder Read(ProbeParameters parameters)
    {
        IPAddress local = parameters.Address("localAddress"), own = parameters.Address("ownAddress");
        IReadOnlyList<IPAddress> targets = parameters.Addresses("targets", TargetsMax);
        foreach (IPAddress target in targets) ProbeParameters.RequireSameFamily("targets", target, local);
        ProbeParameters.RequireSameFamily("ownAddress", own, local);
        return new(
            local, parameters.Port("localPort"), parameters.Label("interface"), targets, own, parameters.Port("port"),
            parameters.Whole("session", ushort.MaxValue + 1, int.MaxValue), parameters.Whole("tries", 3, 1_000_000),
            parameters.Whole("ratePps", 1, 10_000));
    }
}
