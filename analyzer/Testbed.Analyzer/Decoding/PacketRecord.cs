using System.Runtime.InteropServices;
using Testbed.Analyzer.Decoding.Frames;

namespace Testbed.Analyzer.Decoding;

/// <summary>What a record stands for.</summary>
public enum RecordKind : byte
{
    /// <summary>An IP packet that is no user traffic at this tap: routing, management, control plane.</summary>
    Other = 1,
    /// <summary>A plain IP packet as it stands on N6.</summary>
    Plain = 2,
    /// <summary>A G-PDU (message type 255, TS 29.281 §7.1): a user's packet in its tunnel.</summary>
    Gpdu = 3,
    /// <summary>Echo Request and Echo Response (1 and 2).</summary>
    Echo = 4,
    /// <summary>Error Indication (26).</summary>
    ErrorIndication = 5,
    /// <summary>End Marker (254).</summary>
    EndMarker = 6,
    /// <summary>GTP-U of any other message type.</summary>
    OtherGtpU = 7,
    /// <summary>A G-PDU that a kit sent or got on N3 itself, to test tunnels: no user's.</summary>
    KitGpdu = 8,
    /// <summary>A G-PDU between two UPFs (N9): a copy of one that crosses N3.</summary>
    N9Gpdu = 9,
    /// <summary>
    /// A packet of a security test, on N3 or N6: sent to see it dropped, so it is neither traffic nor loss.
    /// </summary>
    Trial = 10,
}

/// <summary>Which way a user's packet goes; zero is "not known".</summary>
public enum PacketDirection : byte { Unknown = 0, Uplink = 1, Downlink = 2 }

[Flags]
public enum RecordFlags : byte
{
    None = 0,
    /// <summary>The outer datagram came in IP fragments and was put together again.</summary>
    OuterReassembled = 1,
    /// <summary>The inner packet is itself an IP fragment.</summary>
    InnerFragment = 2,
    /// <summary>The inner packet is a fragment without transport header.</summary>
    InnerLaterFragment = 4,
    /// <summary>The capture cut the frame off.</summary>
    Snapped = 8,
    /// <summary>The inner packet did not decode; the record counts, but carries no flow and no fingerprint.</summary>
    BadInner = 16,
    /// <summary>
    /// A UDP port of the inner packet is one that the run tests with; <see cref="PacketRecord.Extra"/> is set.
    /// </summary>
    TestTraffic = 32,
    /// <summary>The PDU is an Ethernet frame; with an IP packet in it, the record is that packet's.</summary>
    EthernetPdu = 64,
    /// <summary>
    /// The PDU holds no IP packet, so there is no flow: the fingerprint is that of its bytes and pairs with nothing on
    /// N6. Without <see cref="EthernetPdu"/>: that of an unstructured session, or damage.
    /// </summary>
    NotIp = 128,
}

/// <summary>
/// One packet at one tap, in fixed size and without references. Addresses stand once in the decoder's tables:
/// <see cref="Flow"/> and <see cref="Tunnel"/> are places there.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct PacketRecord
{
    /// <summary>No PDU session container, or none with a QFI.</summary>
    public const byte NoQfi = 0xFF;
    public const int None = -1;

    /// <summary>
    /// Capture time, nanoseconds since the Unix epoch. Of a fragmented datagram: of its last fragment.
    /// </summary>
    public long TimeNs;
    /// <summary>Digest of what no UPF changes; equal at both taps. 0 when there is none.</summary>
    public ulong Fingerprint;
    /// <summary>
    /// Ordinal of the frame in its file, from 1; of a fragmented datagram, of the frame that completed it.
    /// </summary>
    public uint FrameNumber;
    /// <summary>Place of the inner flow in <see cref="FrameDecoder.Flows"/>, or <see cref="None"/>.</summary>
    public int Flow;
    /// <summary>Place of the tunnel in <see cref="FrameDecoder.Tunnels"/>, or <see cref="None"/>.</summary>
    public int Tunnel;
    /// <summary>Bytes of the inner IP packet as its header states them.</summary>
    public int InnerLength;
    /// <summary>Bytes of the outer IP packet as its header states them; on N6 the same as the inner.</summary>
    public int OuterLength;
    /// <summary>TCP sequence number; of test traffic, the place of its bytes among the kept payloads.</summary>
    public uint Extra;
    /// <summary>Bytes of the inner packet behind its transport header.</summary>
    public int PayloadLength;
    /// <summary>Identification of the inner IPv4 header; 0 for IPv6.</summary>
    public ushort IpId;
    /// <summary>Which of the tap's files.</summary>
    public ushort File;
    public RecordKind Kind;
    /// <summary>As the PDU session container says; else as the tunnel or the flow was found to go.</summary>
    public PacketDirection Direction;
    public byte Qfi;
    /// <summary>DSCP and ECN of the inner header.</summary>
    public byte InnerTrafficClass;
    /// <summary>DSCP and ECN of the outer header.</summary>
    public byte OuterTrafficClass;
    public byte TcpFlags;
    public RecordFlags Flags;
    /// <summary>
    /// Where within the tap: interface and, in an "any" capture, in or out. Tells copies of one packet apart.
    /// </summary>
    public byte Sighting;
}
