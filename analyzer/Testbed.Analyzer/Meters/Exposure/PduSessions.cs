using Testbed.Analyzer.Meters.Sessions;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Exposure;

/// <summary>
/// PDU sessions as N4 shows them. With an uplink classifier or a local anchor one has a PFCP session at each UPF, which
/// come and go while it lives (TS 23.501 §5.6.4.2), and an IPv4v6 session has two addresses: what shares an address and
/// overlaps in time, at different UPFs, is one PDU session, from the first set-up to the last release.
/// </summary>
internal static class PduSessions
{
    private sealed class PduSession(PfcpSession first)
    {
        private readonly List<PfcpSession> _parts = [first];

        /// <summary>Null while a part of it lives.</summary>
        public long? ToNs => _parts.Exists(part => part.ReleasedNs is null) ? null
            : _parts.Max(part => part.ReleasedNs);
        public List<HostAddress> Ues { get; } = [.. first.UeAddresses.Order()];
        public PfcpSession First => _parts[0];

        /// <summary>
        /// Whether a PFCP session of the same UE that came later is of it; one UPF has but one of them at a time.
        /// </summary>
        public bool Holds(PfcpSession later) => IsLiveAt(ToNs, later)
            && !_parts.Exists(part => part.UserPlane == later.UserPlane && IsLiveAt(part.ReleasedNs, later));

        public void Add(PfcpSession later)
        {
            _parts.Add(later);
            Ues.AddRange(later.UeAddresses.Where(ue => !Ues.Contains(ue)).Order());
        }

        private static bool IsLiveAt(long? toNs, PfcpSession later) => toNs is not { } end || end > later.AcceptedNs;
    }

    /// <summary>Each set-up and each release, in order of time; sessions without a UE address tell nothing.</summary>
    public static List<SessionHappening> Happenings(IEnumerable<PfcpSession> sessions)
    {
        List<PduSession> all = [];
        Dictionary<HostAddress, PduSession> latest = [];
        foreach (PfcpSession each in sessions.Where(each => each.UeAddresses.Count > 0)
            .OrderBy(each => each.AcceptedNs))
        {
            PduSession? its = each.UeAddresses.Select(ue => latest.GetValueOrDefault(Owner(ue)))
                .FirstOrDefault(found => found?.Holds(each) is true);
            if (its is null) all.Add(its = new(each));
            else its.Add(each);
            foreach (HostAddress ue in each.UeAddresses) latest[Owner(ue)] = its;
        }
        List<SessionHappening> happened = [];
        foreach (PduSession session in all)
        {
            happened.Add(new(session.First.AcceptedNs, session.Ues, true, session.First.Evidence));
            if (session.ToNs is { } released) happened.Add(new(released, session.Ues, false, session.First.Evidence));
        }
        return [.. happened.OrderBy(each => each.TimeNs)];
    }

    /// <summary>Whether the lists share an address.</summary>
    public static bool AreOfOneUe(IReadOnlyList<HostAddress> some, IReadOnlyList<HostAddress> others) =>
        some.Any(one => others.Any(other => Owner(one) == Owner(other)));

    /// <summary>What tells a session: an IPv4 address, or the /64 that an IPv6 one owns (TS 23.501 §5.8.2.2).</summary>
    private static HostAddress Owner(HostAddress ue) => ue.IsIpv4 ? ue : new(ue.High, 0);
}
