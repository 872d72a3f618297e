using Testbed.Lab.Behaviour;
using Testbed.Lab.Control;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Lab.UserPlane;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Pfcp;

namespace Testbed.Lab.Tests.Control;

/// <summary>The SMF part's requests, through their bytes, against the UPF's answers.</summary>
public sealed class UpfPfcpTests
{
    private static readonly uint Ue = HostAddress.Parse("10.45.0.2").Ipv4Bits;

    private LabBehaviour _behaviour = null!;
    private SessionTable _sessions = null!;
    private UpfPfcp _upf = null!;

    [SetUp]
    public void MakeUpf()
    {
        _behaviour = new(seed: 1);
        _sessions = new(seed: 1, _behaviour.Teids);
        Ledger ledger = new(TimeProvider.System);
        N3Endpoint[] n3 = [new(Plan.UpfN3, -1), new(Plan.HiddenUpfN3, -1)];
        N6Port[] n6 = [.. SliceAccess.All.Select(slice =>
            new N6Port(slice.N6Interface, -1, SendPort.ToMac(-1, 1, slice.HostMac), 0))];
        _upf = new(-1, _sessions, new(_sessions, n3, n6, _behaviour, ledger), ledger, started: 1);
    }

    private static PfcpMessage OverTheWire(PfcpMessage message)
    {
        byte[] bytes = new byte[2048];
        int length = message.Write(bytes);
        Assert.That(PfcpMessage.Read(bytes.AsSpan(0, length), out PfcpMessage? read), Is.EqualTo(DecodeStatus.Ok));
        return read!;
    }

    private PfcpMessage Ask(PfcpMessage request) => OverTheWire(_upf.Answer(OverTheWire(request))!);

    private PfcpMessage Establish(SliceAccess slice, uint ue, ulong smfSeid = 77) => Ask(PfcpRequests.Establish(
        5, smfSeid, new(slice, ue, 0xABCD), _behaviour.Subscriptions.For(slice)));

    private void Associate() => Ask(PfcpRequests.Associate(1, 1));

    [Test]
    public void An_association_is_accepted_and_says_that_the_upf_chooses_teids()
    {
        PfcpMessage response = Ask(PfcpRequests.Associate(1, 1));
        Assert.Multiple(() =>
        {
            Assert.That(response.Type, Is.EqualTo(PfcpMessageType.AssociationSetupResponse));
            Assert.That(response.Cause, Is.EqualTo(PfcpCause.RequestAccepted));
            Assert.That(response.UpFunctionFeatures![0] & 0x10, Is.Not.Zero);
        });
    }

    [Test]
    public void Before_the_association_no_session_is_established()
        => Assert.That(Establish(SliceAccess.Embb, Ue).Cause, Is.EqualTo(PfcpCause.NoEstablishedPfcpAssociation));

    [Test]
    public void An_establishment_becomes_a_session_that_forwarding_finds()
    {
        Associate();
        PfcpMessage response = Establish(SliceAccess.Embb, Ue);
        Assert.That(response.Cause, Is.EqualTo(PfcpCause.RequestAccepted));
        FTeid tunnel = response.CreatedPdrs[0].FTeid!.Value;
        Assert.That(response.CreatedPdrs.Select(pdr => pdr.FTeid), Is.All.EqualTo(tunnel), "one tunnel for all flows");
        Assert.That(_sessions.TryFindByTeid(tunnel.Teid, out UpfSession? session), Is.True);
        Assert.That(_sessions.TryFindByUe(Ue, out UpfSession? same) && same == session, Is.True);
        Assert.Multiple(() =>
        {
            Assert.That(response.Seid, Is.EqualTo(77));
            Assert.That(response.FSeid!.Value.Seid, Is.EqualTo(session!.Seid));
            Assert.That(tunnel.Address, Is.EqualTo(HostAddress.Parse(Plan.UpfN3)));
            FlowRule uplink = session.Rules.Uplink[^1], downlink = session.Rules.Downlink[^1];
            Assert.That(uplink.Qfi, Is.EqualTo(9));
            Assert.That(downlink.Qfi, Is.EqualTo(9));
            Assert.That(downlink.Tunnel!.Teid, Is.EqualTo(0xABCD));
            Assert.That(uplink.Rates.Single().BitsPerSecond, Is.EqualTo(80_000_000));
            Assert.That(downlink.Rates.Single().BitsPerSecond, Is.EqualTo(160_000_000));
            Assert.That(uplink.N6.Single().Interface, Is.EqualTo("n6a"));
        });
    }

    [Test]
    public void A_ue_address_in_use_is_refused()
    {
        Associate();
        Establish(SliceAccess.Embb, Ue);
        Assert.That(Establish(SliceAccess.Iot, Ue).Cause, Is.EqualTo(PfcpCause.RequestRejected));
        Assert.That(_sessions.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_full_upf_says_that_it_has_no_resources()
    {
        _behaviour.Admission = new AtMostInSlice(_behaviour.Admission, SliceAccess.Iot, 2);
        Associate();
        PfcpCause?[] causes = [.. Enumerable.Range(0, 3).Select(i => Establish(SliceAccess.Iot, Ue + (uint)i).Cause)];
        Assert.That(causes, Is.EqualTo(new PfcpCause?[]
        {
            PfcpCause.RequestAccepted, PfcpCause.RequestAccepted, PfcpCause.NoResourcesAvailable,
        }));
        Assert.That(Establish(SliceAccess.Embb, Ue + 9).Cause, Is.EqualTo(PfcpCause.RequestAccepted));
    }

    [Test]
    public void A_modification_points_the_downlink_at_another_tunnel()
    {
        Associate();
        ulong seid = Establish(SliceAccess.Embb, Ue).FSeid!.Value.Seid;
        PfcpMessage request = new(PfcpMessageType.SessionModificationRequest, 6) { Seid = seid };
        request.UpdateFars.Add(new(2)
        {
            OuterHeaderCreation = OuterHeaderCreation.ToTunnel(0x1234, HostAddress.Parse(Plan.GnbN3)),
        });
        Assert.That(Ask(request).Cause, Is.EqualTo(PfcpCause.RequestAccepted));
        _sessions.TryFindByUe(Ue, out UpfSession? session);
        Assert.That(session!.Rules.Downlink[^1].Tunnel!.Teid, Is.EqualTo(0x1234));
    }

    [Test]
    public void A_deletion_frees_the_address_and_a_second_one_finds_nothing()
    {
        Associate();
        ulong seid = Establish(SliceAccess.Embb, Ue).FSeid!.Value.Seid;
        Assert.Multiple(() =>
        {
            Assert.That(Ask(PfcpRequests.Delete(6, seid)).Cause, Is.EqualTo(PfcpCause.RequestAccepted));
            Assert.That(_sessions.Count, Is.Zero);
            Assert.That(Ask(PfcpRequests.Delete(7, seid)).Cause, Is.EqualTo(PfcpCause.SessionContextNotFound));
            Assert.That(Establish(SliceAccess.Embb, Ue).Cause, Is.EqualTo(PfcpCause.RequestAccepted));
        });
    }

    [Test]
    public void A_request_that_lacks_its_f_teid_or_names_one_is_refused_by_name()
    {
        Associate();
        PfcpMessage request = PfcpRequests.Establish(
            5, 77, new(SliceAccess.Embb, Ue, 1), _behaviour.Subscriptions.For(SliceAccess.Embb));
        request.CreatePdrs[0].FTeid = new(99, HostAddress.Parse(Plan.UpfN3));
        PfcpMessage response = Ask(request);
        Assert.That(response.Cause, Is.EqualTo(PfcpCause.InvalidFTeidAllocationOption));
        Assert.That(response.OffendingElement, Is.EqualTo(PfcpElementType.FTeid));
    }

    [Test]
    public void Teids_are_unique_and_not_in_sequence()
    {
        Associate();
        uint[] teids = [.. Enumerable.Range(0, 500)
            .Select(i => Establish(SliceAccess.Iot, Ue + (uint)i).CreatedPdrs.Single().FTeid!.Value.Teid)];
        Assert.That(teids, Is.Unique);
        Assert.That(teids.Zip(teids.Skip(1)).Count(pair => pair.Second - pair.First < 1000), Is.LessThan(5));
    }
}
