using System.Buffers.Binary;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire;
using Testbed.Wire.Ip;
using Testbed.Wire.Stamp;

namespace Testbed.Analyzer.Meters.Slicing;

/// <summary>
/// Finds the packets of a slice-reach probe at the taps: UDP by its key, TCP by its sequence number, ICMP by its
/// length and data. Addresses of the sender may be translated, so they identify nothing.
/// </summary>
internal sealed class ReachSightings
{
    private const int IcmpHeaderLength = 8;
    /// <summary>More than any probe sends.</summary>
    private const int IcmpDataMax = 1_024;

    private readonly ReachContext _reach;
    private readonly StampKey _key;
    private readonly Dictionary<uint, ReachRow> _byIndex, _bySequence;
    private readonly Dictionary<(HostAddress Target, int Bytes), List<ReachRow>> _echoes = [];

    public ReachSightings(AnalysisContext context, ReachContext reach, IReadOnlyList<ReachRow> rows)
    {
        _reach = reach;
        _key = StampKeys.Derive(context.Request.Run!.Nonce.Span, reach.Session);
        (_byIndex, _bySequence) = ([], []);
        foreach (ReachRow row in rows.Where(row => row.Protocol == IpProtocol.Udp)) _byIndex[row.Index] = row;
        foreach (ReachRow row in rows.Where(row => row.Protocol == IpProtocol.Tcp)) _bySequence[row.TcpSequence] = row;
        foreach (ReachRow row in rows.Where(row => row.IcmpBytes > 0))
        {
            (HostAddress, int) key = (row.Target, row.IcmpBytes);
            if (!_echoes.TryGetValue(key, out List<ReachRow>? sent)) _echoes[key] = sent = [];
            sent.Add(row);
        }
    }

    /// <summary>The probe's packets among a tap's records that <paramref name="isWanted"/> picks, each once.</summary>
    public IReadOnlyList<(ReachRow Row, string Evidence)> At(TapCapture tap, Func<PacketRecord, bool> isWanted)
    {
        Dictionary<uint, (ReachRow, string)> found = [];
        for (int i = 0; i < tap.Records.Count; i++)
        {
            ref PacketRecord record = ref tap.Records[i];
            if (record.Flow < 0 || !isWanted(record) || Find(tap, record) is not { } row) continue;
            found.TryAdd(row.Index, (row, tap.Evidence(record)));
        }
        return [.. found.Values];
    }

    private ReachRow? Find(TapCapture tap, in PacketRecord record)
    {
        FlowKey flow = tap.Flow(record);
        switch (flow.Protocol)
        {
            case IpProtocol.Udp when (record.Flags & RecordFlags.TestTraffic) != 0
                && flow.DestinationPort == _reach.Port:
                ReadOnlySpan<byte> payload = tap.Decoder.TestPayloads[(int)record.Extra];
                return StampSenderPacket.Read(payload, true, out StampSenderPacket sent) is DecodeStatus.Ok
                    && _key.Verify(payload) && _byIndex.TryGetValue(sent.Sequence, out ReachRow udp) ? udp : null;
            case IpProtocol.Tcp when flow.DestinationPort == _reach.Port:
                return _bySequence.TryGetValue(record.Extra, out ReachRow tcp) && tcp.Target == flow.Destination
                    ? tcp : null;
            case IpProtocol.Icmp or IpProtocol.Icmpv6:
                return FindEcho(tap, record, flow);
            default:
                return null;
        }
    }

    // Others ping too, and what this UE pings answers with as many bytes: the fingerprint tells request and data.
    private ReachRow? FindEcho(TapCapture tap, in PacketRecord record, in FlowKey flow)
    {
        int bytes = record.InnerLength - (flow.Protocol == IpProtocol.Icmp ? 20 : 40);
        if (!_echoes.TryGetValue((flow.Destination, bytes), out List<ReachRow>? sent)) return null;
        Span<byte> data = stackalloc byte[Math.Clamp(bytes - IcmpHeaderLength, sizeof(uint), IcmpDataMax)];
        data.Clear();
        foreach (ReachRow row in sent)
        {
            BinaryPrimitives.WriteUInt32BigEndian(data, row.IcmpData);
            if (record.Fingerprint == Fingerprint.OfEchoRequest(
                flow.Protocol, record.IpId, (ushort)row.Index, data, tap.Decoder.Settings.DigestBytes)) return row;
        }
        return null;
    }
}
