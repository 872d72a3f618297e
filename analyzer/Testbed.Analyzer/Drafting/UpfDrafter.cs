using Testbed.Analyzer.Meters.Sessions;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Drafting;

/// <summary>Finds UPFs: addresses that one N4 peer answers for are one UPF, any other address one of its own.</summary>
internal sealed class UpfDrafter
{
    private readonly Dictionary<HostAddress, string> _nameByN3 = [];

    public UpfDrafter(AnalysisContext context, List<TunnelUse> uses)
    {
        HashSet<string> names = [];
        List<DraftUpf> upfs = [];
        foreach (IGrouping<HostAddress, PfcpSession> upf in context.ControlPlane.Sessions.All
            .GroupBy(session => session.UserPlane).OrderBy(upf => upf.Key))
        {
            List<HostAddress> n3 =
                [.. upf.SelectMany(session => session.UplinkEnds).Select(end => end.Address).Distinct().Order()];
            n3.RemoveAll(_nameByN3.ContainsKey);
            if (n3.Count > 0) Add("pfcp", n3, [upf.Key.ToString()]);
        }
        HashSet<HostAddress> onN3 = GnbDrafter.OnN3(uses);
        HashSet<HostAddress> onN2 =
        [
            .. context.ControlPlane.NgapSessions.All.SelectMany(session => session.UplinkEnds)
                .Select(end => end.Address),
        ];
        foreach (HostAddress address in context.Roles.UpfN3.Order())
        {
            if (_nameByN3.ContainsKey(address) || (uses.Count > 0 && !onN3.Contains(address))) continue;
            Add(onN2.Contains(address) ? "ngap" : "n3", [address], []);
        }
        Upfs = upfs;

        void Add(string source, List<HostAddress> n3, IReadOnlyList<string> n4)
        {
            string name = ClaimDrafter.Unused($"upf{upfs.Count + 1}", names);
            foreach (HostAddress address in n3) _nameByN3[address] = name;
            upfs.Add(new(name, source, GnbDrafter.Texts(n3), n4));
        }
    }

    public IReadOnlyList<DraftUpf> Upfs { get; }

    public string? NameOf(HostAddress n3) => _nameByN3.GetValueOrDefault(n3);
}
