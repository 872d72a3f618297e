using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Analyzer.Meters.Sessions;

/// <summary>A tunnel's receiving end: at the UPF for the uplink, at the gNB for the downlink.</summary>
internal readonly record struct TunnelEnd(HostAddress Address, uint Teid)
{
    public override string ToString() => $"TEID 0x{Teid:x8} → {Address}";
}

/// <summary>
/// A PDU session as one interface of the control plane showed it: all that it ever allowed, from its first to its
/// last moment.
/// </summary>
internal abstract class ControlSession(long establishedNs, string evidence)
{
    /// <summary>When its set-up was asked for.</summary>
    public long EstablishedNs { get; } = establishedNs;
    public string Evidence { get; } = evidence;
    /// <summary>Empty where the interface does not tell: NGAP never does.</summary>
    public HashSet<HostAddress> UeAddresses { get; } = [];
    public HashSet<TunnelEnd> UplinkEnds { get; } = [];
    public HashSet<TunnelEnd> DownlinkEnds { get; } = [];
    /// <summary>Empty when nothing names one: then the interface says nothing of QFIs.</summary>
    public HashSet<byte> Qfis { get; } = [];
    public Snssai? Snssai { get; set; }
}

/// <summary>Finds the sessions of a tunnel end. TEIDs are used again, so there may be several.</summary>
internal sealed class SessionIndex
{
    private readonly Dictionary<TunnelEnd, List<ControlSession>> _byEnd = [];

    /// <param name="sessions">In order of establishment.</param>
    public SessionIndex(IEnumerable<ControlSession> sessions)
    {
        foreach (ControlSession session in sessions)
        {
            Count++;
            foreach (TunnelEnd end in session.UplinkEnds.Concat(session.DownlinkEnds))
            {
                if (!_byEnd.TryGetValue(end, out List<ControlSession>? list)) _byEnd[end] = list = [];
                list.Add(session);
            }
        }
    }

    public int Count { get; }

    /// <summary>Sessions that used this tunnel end, in order of establishment.</summary>
    public IReadOnlyList<ControlSession> Find(TunnelEnd end) => _byEnd.TryGetValue(end, out var list) ? list : [];
}
