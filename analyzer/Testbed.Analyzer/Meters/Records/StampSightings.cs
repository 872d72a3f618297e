using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Stamp;

namespace Testbed.Analyzer.Meters.Records;

/// <summary>
/// Where the captures show one test packet and its answer. Times in nanoseconds, 0 where it was not seen.
/// </summary>
internal struct StampSighting
{
    public long N3UpNs, N6UpNs, N6DownNs, N3DownNs;
    /// <summary>The N3 sightings carry a tunnel and a QFI.</summary>
    public bool HasTunnelUp, HasTunnelDown;
    /// <summary>What the answer on N3 says of the reflector's own times: T2 and T3.</summary>
    public long AnswerT2Ns, AnswerT3Ns;
    /// <summary>Whose taps saw it: null where taps have no kit.</summary>
    public string? Kit;
    public bool IsManyKits;
    public string? Evidence;

    public readonly bool IsOneKit => Kit is not null && !IsManyKits;
}

/// <summary>Finds a session's packets at all taps and checks that each is signed with this run's key.</summary>
internal sealed class StampSightings
{
    private readonly Dictionary<uint, StampSighting> _bySequence = [];

    public StampSightings(AnalysisContext context, StampSessionContext session)
    {
        using StampVerifier key = StampKeys.Derive(context.Request.Run!.Nonce.Span, session.Session).Verifier();
        foreach (TapCapture tap in context.Taps) Gather(tap, session, key);
    }

    /// <summary>Packets of the session's flow whose HMAC is not of this run.</summary>
    public long Forged { get; private set; }
    public string? ForgedEvidence { get; private set; }
    public long Genuine { get; private set; }

    public StampSighting Find(uint sequence) => _bySequence.GetValueOrDefault(sequence);

    private void Gather(TapCapture tap, StampSessionContext session, StampVerifier key)
    {
        HostAddress remote = HostAddress.From(session.RemoteAddress), ue = HostAddress.From(session.UeAddress);
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if ((record.Flags & RecordFlags.TestTraffic) == 0 || record.Flow < 0
                || record.Direction is PacketDirection.Unknown) continue;
            FlowKey flow = tap.Flow(record);
            bool up = record.Direction is PacketDirection.Uplink, onN3 = record.Kind is RecordKind.Gpdu;
            if ((up ? flow.Destination : flow.Source) != remote
                || (up ? flow.DestinationPort : flow.SourcePort) != session.RemotePort) continue;
            // On N6 the UE's address may be translated; several sessions to one port are told apart by their keys.
            if (onN3 && AnalysisContext.UeOf(flow, record.Direction) != ue) continue;
            ReadOnlySpan<byte> payload = tap.Decoder.TestPayloads[(int)record.Extra];
            if (!IsOf(session, payload, up)) continue;
            if (!key.Verify(payload))
            {
                Forged++;
                ForgedEvidence ??= tap.Evidence(record);
                continue;
            }
            Genuine++;
            if (SequenceOf(payload, up) is { } sequence) Note(sequence, tap, record, up, onN3, payload);
        }
    }

    // The session's number stands in clear, so that packets of another session are not taken for forgeries.
    private static bool IsOf(StampSessionContext session, ReadOnlySpan<byte> payload, bool up)
    {
        ushort number = (ushort)session.Session;
        return up
            ? StampSenderPacket.Read(payload, true, out StampSenderPacket sent) is DecodeStatus.Ok
                && sent.SessionId == number
            : StampReflectorPacket.Read(payload, true, out StampReflectorPacket back) is DecodeStatus.Ok
                && back.SessionId == number;
    }

    /// <summary>The sender's number in a packet of either way; null when the payload is no STAMP packet.</summary>
    internal static uint? SequenceOf(ReadOnlySpan<byte> payload, bool up)
    {
        if (up)
            return StampSenderPacket.Read(payload, true, out StampSenderPacket sent) is DecodeStatus.Ok
                ? sent.Sequence : null;
        return StampReflectorPacket.Read(payload, true, out StampReflectorPacket back) is DecodeStatus.Ok
            ? back.SenderSequence : null;
    }

    private void Note(
        uint sequence, TapCapture tap, in PacketRecord record, bool up, bool onN3, ReadOnlySpan<byte> payload)
    {
        bool isKnown = _bySequence.TryGetValue(sequence, out StampSighting sighting);
        if (!isKnown) sighting.Kit = tap.Kit;
        sighting.IsManyKits |= sighting.Kit != tap.Kit;
        bool tunnelled = record.Tunnel >= 0 && record.Qfi != PacketRecord.NoQfi;
        // Of several sightings the first counts: a copy that comes later proves nothing more.
        if (up && onN3 && (sighting.N3UpNs == 0 || record.TimeNs < sighting.N3UpNs))
            (sighting.N3UpNs, sighting.HasTunnelUp) = (record.TimeNs, tunnelled);
        else if (!up && onN3 && (sighting.N3DownNs == 0 || record.TimeNs < sighting.N3DownNs))
        {
            (sighting.N3DownNs, sighting.HasTunnelDown) = (record.TimeNs, tunnelled);
            if (StampReflectorPacket.Read(payload, true, out StampReflectorPacket answer) is DecodeStatus.Ok)
                (sighting.AnswerT2Ns, sighting.AnswerT3Ns) = (answer.ReceiveUnixNs, answer.TimestampUnixNs);
        }
        else if (up && !onN3 && (sighting.N6UpNs == 0 || record.TimeNs < sighting.N6UpNs))
            sighting.N6UpNs = record.TimeNs;
        else if (!up && !onN3 && (sighting.N6DownNs == 0 || record.TimeNs < sighting.N6DownNs))
            sighting.N6DownNs = record.TimeNs;
        sighting.Evidence ??= tap.Evidence(record);
        _bySequence[sequence] = sighting;
    }
}
