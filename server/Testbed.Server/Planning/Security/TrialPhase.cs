using System.Net;
using System.Net.Sockets;
using Testbed.Conformance;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Security;

/// <summary>A phase of security trials while it grows: one listener an end, one control a UE.</summary>
internal sealed class TrialPhase(PlanDraft draft)
{
    private readonly List<PlanTask> _responders = [];
    private readonly List<PlanTask> _tests = [];
    private readonly Dictionary<IPAddress, int> _ports = [];
    private readonly Dictionary<IPAddress, int> _controls = [];

    public bool IsEmpty => _tests.Count == 0;

    public static bool IsIpv4(IPNetwork pool) => pool.BaseAddress.AddressFamily is AddressFamily.InterNetwork;

    /// <summary>Another UE of the slice: an endpoint of the claim, or one that the kit plays.</summary>
    public TestEndpoint? Neighbour(TrialPath path)
    {
        if (draft.Claim.Endpoints.FirstOrDefault(each => each.Role == "ue" && each.Slice == path.Slice.Name
            && !each.Address.Equals(path.Ue.Address)) is { } other) return other;
        byte[] bytes = path.Ue.Address.GetAddressBytes();
        if (!path.Ue.Emulated || ++bytes[3] == 0) return null;
        IPAddress next = new(bytes);
        return path.Slice.UePools.Any(pool => pool.Contains(next)) ? path.Ue with { Address = next } : null;
    }

    public int Listen(TestEndpoint end)
    {
        if (_ports.TryGetValue(end.Address, out int known)) return known;
        int port = _ports[end.Address] = draft.Ports.Next();
        _responders.Add(draft.Task("trial-listener", end.Kit, 0,
            ("address", end.Address), ("port", port), ("listener", draft.Trials.Next())));
        return port;
    }

    /// <summary>Ordinary packets of a UE to its data network; returns the control's number.</summary>
    public int Control(TrialPath path, TestEndpoint ue, int count, int ratePps, string figure = "")
    {
        if (_controls.TryGetValue(ue.Address, out int known)) return known;
        int number = _controls[ue.Address] = draft.Trials.Next();
        Send(path, "control", number, 0, ue, path.Far.Address, Listen(path.Far), count, ratePps, 0,
            ("figure", figure));
        return number;
    }

    public void Try(
        TrialPath path, string kind, TestEndpoint from, IPAddress to, int port, int count, int ratePps, int delayMs,
        int control, params (string Name, object Value)[] more) =>
        Send(path, kind, draft.Trials.Next(), control, from, to, port, count, ratePps, delayMs, more);

    public PlanTask Test(string kind, string kit, int seconds, params (string Name, object Value)[] parameters)
    {
        PlanTask test = draft.Task(kind, kit, seconds, parameters);
        _tests.Add(test);
        return test;
    }

    public void Add(string name, LocalText title, int seconds, bool isOverload = false) =>
        draft.Phases.Add(new(name, title, seconds, isOverload, _responders, _tests));

    private void Send(
        TrialPath path, string kind, int number, int control, TestEndpoint from, IPAddress to, int port, int count,
        int ratePps, int delayMs, params (string Name, object Value)[] more)
    {
        int seconds = (count + ratePps - 1) / ratePps + (delayMs + 999) / 1000 + 1;
        Test("trial-sender", from.Kit, seconds,
        [
            ("trial", number), ("control", control), ("kind", kind), ("localAddress", from.Address),
            ("localPort", draft.Ports.Next()), ("remoteAddress", to), ("port", port), ("slice", path.Slice.Name),
            ("count", count), ("ratePps", ratePps), ("delayMs", delayMs), .. more,
        ]);
    }
}
