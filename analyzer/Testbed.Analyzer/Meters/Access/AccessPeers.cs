using System.Net;
using Testbed.Conformance.Claims;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Access;

/// <summary>
/// The N2 ends that a claim names: its gNBs' <c>n2</c>, and the AMFs among <c>core.addresses</c> where
/// <c>core.ports</c> holds NGAP's. Any two hosts can speak NGAP beside the network that is inspected.
/// </summary>
internal sealed class AccessPeers
{
    private const string NgapPort = "38412/sctp";

    private readonly HashSet<HostAddress>? _gnbs, _amfs;

    /// <param name="claim">Null names nobody, and then everybody counts.</param>
    public AccessPeers(Claim? claim)
    {
        if (claim is null) return;
        _gnbs = [.. claim.Network.Gnbs.SelectMany(gnb => gnb.N2).Select(HostAddress.From)];
        IReadOnlyList<IPAddress> core = claim.Network.Core.Addresses;
        if (core.Count > 0 && claim.Network.Core.Ports.Contains(NgapPort, StringComparer.OrdinalIgnoreCase))
            _amfs = [.. core.Select(HostAddress.From)];
    }

    public bool Names(HostAddress gnb, HostAddress amf) =>
        _gnbs?.Contains(gnb) is not false && _amfs?.Contains(amf) is not false;
}
