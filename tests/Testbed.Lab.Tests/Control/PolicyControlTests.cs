using Testbed.Lab.Behaviour;
using Testbed.Lab.Control;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Lab.UserPlane;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;
using Testbed.Wire.Qos;

namespace Testbed.Lab.Tests.Control;

/// <summary>What policy functions ask for, over the bytes of N4, to what forwarding then does.</summary>
public sealed class PolicyControlTests : ISessionOutcome
{
    private static readonly uint Ue = HostAddress.Parse("10.45.0.2").Ipv4Bits;
    private static readonly HostAddress Server = HostAddress.Parse(Plan.HostA);
    private static readonly FlowDescription Video = new(IpProtocol.Udp, remotePorts: new(7000, 7009));

    private LabBehaviour _behaviour = null!;
    private SessionTable _sessions = null!;
    private UpfPfcp _upf = null!;
    private PolicyControl _policy = null!;
    private readonly List<SessionEvent> _events = [];
    private IReadOnlyList<UplinkRule> _gnbRules = [];

    [SetUp]
    public void EstablishASession()
    {
        _behaviour = new(seed: 1);
        _behaviour.NetworkInstances["elsewhere"] = ["n6b"];
        _sessions = new(seed: 1, _behaviour.Teids);
        _events.Clear();
        _gnbRules = [];
        Ledger ledger = new(TimeProvider.System);
        N6Port[] n6 = [.. SliceAccess.All.Select(slice =>
            new N6Port(slice.N6Interface, -1, SendPort.ToMac(-1, 1, slice.HostMac), 0))];
        N3Endpoint[] n3 = [new(Plan.UpfN3, -1), new(Plan.HiddenUpfN3, -1)];
        _upf = new(-1, _sessions, new(_sessions, n3, n6, _behaviour, ledger), ledger, started: 1);
        Ask(PfcpRequests.Associate(1, 1));
        uint sequence = 10;
        _policy = new(wish => wish(), (build, completed) => completed(Ask(build(sequence++))), () => this,
            TimeProvider.System);
        _policy.Changed += _events.Add;
        SessionRequest request = new(SliceAccess.Embb, Ue, 0xABCD);
        SessionPolicy policy = SessionPolicy.Of(_behaviour.Subscriptions.For(SliceAccess.Embb));
        PolicyRules rules = new(HostAddress.FromIpv4(Ue), 0xABCD);
        PfcpMessage response = Ask(PfcpRequests.Establish(5, 77, request, policy, rules));
        rules.UplinkEnd = response.CreatedPdrs[0].FTeid;
        rules.Commit();
        _policy.Add(new(request, response.FSeid!.Value.Seid, rules, DateTimeOffset.UnixEpoch) { Policy = policy });
    }

    private PfcpMessage Ask(PfcpMessage request) => OverTheWire(_upf.Answer(OverTheWire(request))!);

    private static PfcpMessage OverTheWire(PfcpMessage message)
    {
        byte[] bytes = new byte[PfcpRequests.MessageBytesMax];
        int length = message.Write(bytes);
        Assert.That(PfcpMessage.Read(bytes.AsSpan(0, length), out PfcpMessage? read), Is.EqualTo(DecodeStatus.Ok));
        return read!;
    }

    private FlowRules Rules => _sessions.TryFindByUe(Ue, out UpfSession? session) ? session.Rules : FlowRules.None;

    private static InnerFlow Udp(ushort port) => new(IpProtocol.Udp, HostAddress.FromIpv4(Ue), 4000, Server, port);

    private FlowRule Downlink(ushort port) => Rules.Downlink.First(rule => rule.Takes(Udp(port)));

    void ISessionOutcome.Established(SessionGrant grant) { }
    void ISessionOutcome.Modified(uint ueAddress, IReadOnlyList<UplinkRule> rules) => _gnbRules = rules;
    void ISessionOutcome.Rejected(uint ueAddress, byte cause) { }
    void ISessionOutcome.Released(uint ueAddress) { }

    [Test]
    public void A_session_has_its_guaranteed_flow_from_the_start()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Downlink(5000).Qfi, Is.EqualTo(1));
            Assert.That(Downlink(5000).IsGuaranteed, Is.True);
            Assert.That(Downlink(5000).Rates.Single().BitsPerSecond, Is.EqualTo(20_000_000), "MFBR and no AMBR");
            Assert.That(Downlink(5100).Qfi, Is.EqualTo(9));
            Assert.That(Downlink(5100).IsGuaranteed, Is.False);
        });
    }

    [Test]
    public async Task A_flow_is_added_at_both_ends_and_taken_back()
    {
        PolicyAnswer added = await _policy.AddFlowAsync(Ue, new(80, [Video]) { Maximum = new(4_000, 8_000) });
        Assert.That(added.Outcome, Is.EqualTo(PolicyOutcome.Done));
        Assert.Multiple(() =>
        {
            Assert.That(Downlink(7003).Qfi, Is.EqualTo(added.Qfi));
            Assert.That(Downlink(7003).Rates.Select(rate => rate.BitsPerSecond),
                Is.EquivalentTo(new[] { 160_000_000, 8_000_000 }), "a non-GBR flow is in the session AMBR too");
            Assert.That(Rules.Uplink.Single(rule => rule.Qfi == added.Qfi).Takes(Udp(7003)), Is.True);
            Assert.That(_gnbRules[0], Is.EqualTo(new UplinkRule(Video, added.Qfi!.Value, Marking.Expedited)));
            Assert.That(_policy.Sessions.Single().Flows.Select(flow => flow.Qfi), Does.Contain(added.Qfi));
        });
        Assert.That((await _policy.RemoveAsync(added.Rule!)).Outcome, Is.EqualTo(PolicyOutcome.Done));
        Assert.That(Downlink(7003).Qfi, Is.EqualTo(9));
        Assert.That(_gnbRules, Has.Count.EqualTo(1));
        Assert.That((await _policy.RemoveAsync(added.Rule!)).Outcome, Is.EqualTo(PolicyOutcome.NoRule));
        Assert.That(_events.Select(each => each.Change), Is.EqualTo(new[]
        {
            SessionChange.Established, SessionChange.Modified, SessionChange.Modified,
        }));
    }

    [Test]
    public async Task The_later_of_two_matching_flows_wins()
    {
        await _policy.AddFlowAsync(Ue, new(7, [Video], Qfi: 20));
        await _policy.AddFlowAsync(Ue, new(7, [new(IpProtocol.Udp, remotePorts: new(7003, 7003))], Qfi: 21));
        Assert.That((Downlink(7003).Qfi, Downlink(7004).Qfi), Is.EqualTo(((byte?)21, (byte?)20)));
        Assert.That(_gnbRules[0].Qfi, Is.EqualTo(21));
    }

    [Test]
    public async Task A_taken_QFI_and_a_seventeenth_addition_find_no_room()
    {
        PolicyAnswer taken = await _policy.AddFlowAsync(Ue, new(7, [Video], Qfi: 9));
        Assert.That(taken.Outcome, Is.EqualTo(PolicyOutcome.NoRoom));
        PolicyOutcome outcome = PolicyOutcome.Done;
        for (int i = 0; i < 17 && outcome is PolicyOutcome.Done; i++)
            outcome = (await _policy.AddFlowAsync(Ue, new(7, [Video]))).Outcome;
        Assert.That(outcome, Is.EqualTo(PolicyOutcome.NoRoom));
    }

    [Test]
    public async Task Steered_packets_leave_elsewhere_on_the_QoS_flow_that_they_had()
    {
        PolicyAnswer steered = await _policy.SteerAsync(Ue, new(IpProtocol.Udp), "elsewhere");
        FlowRule[] uplink = [.. Rules.Uplink];
        FlowRule first = uplink.First(rule => rule.Qfi == 9 && rule.Takes(Udp(9999)));
        FlowRule priority = uplink.First(rule => rule.Qfi == 1 && rule.Takes(Udp(5000)));
        Assert.Multiple(() =>
        {
            Assert.That(first.N6.Single().Interface, Is.EqualTo("n6b"));
            Assert.That(priority.N6.Single().Interface, Is.EqualTo("n6b"));
            Assert.That(priority.IsGuaranteed, Is.True);
            Assert.That(Rules.Downlink.First(rule => rule.N6[0].Interface == "n6b" && rule.Takes(Udp(5000))).Qfi,
                Is.EqualTo(1));
        });
        await _policy.RemoveAsync(steered.Rule!);
        Assert.That(Rules.Uplink.SelectMany(rule => rule.N6).Select(port => port.Interface), Is.All.EqualTo("n6a"));
    }

    [Test]
    public async Task A_network_instance_that_the_UPF_does_not_know_is_refused_and_changes_nothing()
    {
        FlowRules before = Rules;
        PolicyAnswer answer = await _policy.SteerAsync(Ue, new(), "nowhere");
        Assert.That((answer.Outcome, answer.Cause),
            Is.EqualTo((PolicyOutcome.Refused, (byte)PfcpCause.RuleCreationFailure)));
        Assert.That(Rules, Is.SameAs(before));
        Assert.That((await _policy.AddFlowAsync(Ue, new(7, [Video]))).Outcome, Is.EqualTo(PolicyOutcome.Done));
    }

    [Test]
    public async Task Without_a_session_there_is_nothing_to_change()
    {
        _policy.Take(Ue);
        Assert.That((await _policy.AddFlowAsync(Ue, new(7, [Video]))).Outcome, Is.EqualTo(PolicyOutcome.NoSession));
        Assert.That(_policy.Sessions, Is.Empty);
        Assert.That(_events[^1].Change, Is.EqualTo(SessionChange.Released));
    }
}
