using Testbed.Wire.Ip;
using Testbed.Wire.Ngap;
using Testbed.Wire.Pfcp;

namespace Testbed.Analyzer.Tests.Support;

/// <summary>Builds the N2 side of a network as a gNB and an AMF exchange it.</summary>
internal sealed class N2(CaptureFolder folder)
{
    public const string Amf = "10.100.2.1", Gnb = "10.100.2.10";
    private const int GnbPort = 40_000;
    private readonly List<(long Us, byte[] Packet)> _packets = [];
    private uint _sequence = 1000;

    public static Plmn Plmn { get; } = new(1, 1, 2);

    /// <summary>NG set-up of one gNB with both slices.</summary>
    public void Setup(long us, string amfName = "amf1")
    {
        NgapMessage request = new(NgapProcedure.NgSetup, NgapOutcome.Initiating)
        {
            RanNode = new GlobalRanNodeId(Plmn, RanNodeKind.Gnb, 0x102, 24), RanNodeName = "gnb one",
        };
        request.SupportedAreas.Add(new(1, Plmn, [new(1, 1), new(1, 2)]));
        FromGnb(us, request);
        NgapMessage response = new(NgapProcedure.NgSetup, NgapOutcome.Successful) { AmfName = amfName };
        response.ServedGuamis.Add(new(Plmn, 1, 2, 3));
        response.PlmnSupport.Add(new(Plmn, [new(1, 1), new(1, 2)]));
        FromAmf(us + 10, response);
    }

    /// <summary>A UE's connection: asked for, by a registration or otherwise, and its context set up.</summary>
    public void Context(long us, long ranUe, bool isRegistration = false)
    {
        NgapMessage initial = new(NgapProcedure.InitialUeMessage, NgapOutcome.Initiating) { RanUeId = ranUe };
        // A Registration Request that is integrity protected, and a Service Request (TS 24.501 §8.2.6, §8.2.16).
        initial.Further.Add(new(NgapElementType.NasPdu, isRegistration
            ? [11, 0x7E, 0x01, 1, 2, 3, 4, 5, 0x7E, 0x00, 0x41, 0x79] : [3, 0x7E, 0x00, 0x4C]));
        FromGnb(us, initial);
        NgapMessage request = Message(NgapProcedure.InitialContextSetup, NgapOutcome.Initiating, ranUe);
        request.AllowedSlices.Add(new(1, 1));
        FromAmf(us + 10, request);
        FromGnb(us + 20, Message(NgapProcedure.InitialContextSetup, NgapOutcome.Successful, ranUe));
    }

    /// <summary>A session that the core orders and the gNB grants.</summary>
    public void Session(
        long us, uint uplinkTeid, uint downlinkTeid, Snssai snssai, byte qfi = 9, int? fiveQi = 9, long ranUe = 1,
        bool isGranted = true)
    {
        NgapMessage request = Message(NgapProcedure.PduSessionResourceSetup, NgapOutcome.Initiating, ranUe);
        request.Orders.Add(new(1, snssai, [new(HostAddress.Parse(Packets.Upf), default, uplinkTeid)],
            [new(qfi, fiveQi, fiveQi is null, 8, false, true, null)]));
        FromAmf(us, request);
        NgapMessage response = Message(NgapProcedure.PduSessionResourceSetup, NgapOutcome.Successful, ranUe);
        if (isGranted)
            response.Grants.Add(new(1, [new(HostAddress.Parse(Packets.Gnb), default, downlinkTeid)], [qfi]));
        else response.FailedSessions.Add(1);
        FromGnb(us + 10, response);
    }

    public void Release(long us, long ranUe = 1)
    {
        NgapMessage response = Message(NgapProcedure.PduSessionResourceRelease, NgapOutcome.Successful, ranUe);
        response.ReleasedSessions.Add(1);
        FromGnb(us, response);
    }

    public void FromGnb(long us, NgapMessage message) => FromGnb(us, message.ToArray(), _sequence++);

    public void FromGnb(long us, byte[] bytes, uint sequence, byte flags = 3, uint payloadProtocol = 60) =>
        _packets.Add((us, Packets.Sctp(
            Gnb, Amf, GnbPort, NgapMessage.Port, 7, sequence, bytes, flags, payloadProtocol)));

    public void FromAmf(long us, NgapMessage message) => _packets.Add((us, Packets.Sctp(
        Amf, Gnb, NgapMessage.Port, GnbPort, 9, _sequence++, message.ToArray())));

    public TapInput Write(string name = "n2.pcapng") => folder.Write(name, _packets);

    private static NgapMessage Message(NgapProcedure procedure, NgapOutcome outcome, long ranUe) =>
        new(procedure, outcome) { AmfUeId = 100 + ranUe, RanUeId = ranUe };
}
