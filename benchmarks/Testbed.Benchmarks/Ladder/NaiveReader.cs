using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace Testbed.Benchmarks.Ladder;

/// <summary>
/// An N3 profile as anyone would write it first: SharpPcap reads, PacketDotNet parses, dictionaries count. It is in
/// the race as the baseline that our own code has to pay for.
/// </summary>
internal static class NaiveReader
{
    private const int GtpUPort = 2152, ContainerType = 0x85;
    private const byte GPdu = 255;

    public static void Run(string path, Stream output)
    {
        using CaptureFileReaderDevice device = new(path);
        device.Open();
        Profile profile = new();
        while (device.GetNextPacket(out PacketCapture capture) == GetPacketStatus.PacketRead)
        {
            RawCapture raw = capture.GetPacket();
            profile.Frames++;
            Take(raw, profile);
        }
        using Utf8JsonWriter json = new(output);
        json.WriteStartObject();
        json.WriteNumber("frames", profile.Frames);
        json.WriteNumber("gpdu", profile.Gpdus);
        json.WriteNumber("tunnels", profile.Tunnels.Count);
        json.WriteNumber("flows", profile.Flows.Count);
        json.WriteStartObject("qfis");
        foreach ((int qfi, long packets) in profile.Qfis) json.WriteNumber($"{qfi}", packets);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Take(RawCapture raw, Profile profile)
    {
        Packet packet = Packet.ParsePacket(raw.LinkLayerType, raw.Data);
        IPPacket? ip = packet.Extract<IPPacket>();
        UdpPacket? udp = packet.Extract<UdpPacket>();
        if (ip is null || udp is null || udp.DestinationPort != GtpUPort) return;
        byte[] gtpU = udp.PayloadData;
        if (gtpU is null || gtpU.Length < 8 || gtpU[1] != GPdu) return;
        profile.Gpdus++;
        uint teid = BinaryPrimitives.ReadUInt32BigEndian(gtpU.AsSpan(4));
        Count(profile.Tunnels, (ip.DestinationAddress, teid));
        int at = 8;
        if ((gtpU[0] & 0x07) != 0 && gtpU.Length >= 12)
        {
            byte type = gtpU[11];
            at = 12;
            while (type != 0 && at < gtpU.Length && gtpU[at] != 0)
            {
                int length = gtpU[at] * 4;
                if (at + length > gtpU.Length) return;
                if (type == ContainerType) Count(profile.Qfis, gtpU[at + 2] & 0x3F);
                type = gtpU[at + length - 1];
                at += length;
            }
        }
        if (at + 20 > gtpU.Length || gtpU[at] >> 4 != 4) return;
        ReadOnlySpan<byte> inner = gtpU.AsSpan(at);
        int header = (inner[0] & 0x0F) * 4;
        ushort from = 0, to = 0;
        if (inner[9] is 6 or 17 && inner.Length >= header + 4)
        {
            from = BinaryPrimitives.ReadUInt16BigEndian(inner[header..]);
            to = BinaryPrimitives.ReadUInt16BigEndian(inner[(header + 2)..]);
        }
        Count(profile.Flows, (new(inner.Slice(12, 4)), new(inner.Slice(16, 4)), from, to, inner[9]));
    }

    private static void Count<TKey>(Dictionary<TKey, long> counts, TKey key) where TKey : notnull =>
        counts[key] = counts.GetValueOrDefault(key) + 1;

    private sealed class Profile
    {
        public long Frames, Gpdus;
        public Dictionary<(IPAddress, uint), long> Tunnels { get; } = [];
        public Dictionary<int, long> Qfis { get; } = [];
        public Dictionary<(IPAddress, IPAddress, ushort, ushort, byte), long> Flows { get; } = [];
    }
}
