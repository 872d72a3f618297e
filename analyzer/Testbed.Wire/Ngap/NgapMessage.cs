using Testbed.Wire.Pfcp;

namespace Testbed.Wire.Ngap;

/// <summary>
/// Any NGAP message (TS 38.413 v16 and v17), with the elements that this product knows. Elements that a message does
/// not have are null or empty. What names a subscriber (NAS messages, SUCI, 5G-GUTI, keys) is stepped over and kept
/// nowhere.
/// </summary>
public sealed record NgapMessage(NgapProcedure Procedure, NgapOutcome Outcome)
{
    /// <summary>SCTP port of the AMF (TS 38.412 §7).</summary>
    public const int Port = 38412;

    /// <summary>The AMF's number for the UE on this association, 40 bits; it changes with every connection.</summary>
    public long? AmfUeId { get; set; }
    /// <summary>The radio node's number for the UE on this association, 32 bits.</summary>
    public long? RanUeId { get; set; }
    public GlobalRanNodeId? RanNode { get; set; }
    public string? RanNodeName { get; set; }
    public List<SupportedArea> SupportedAreas { get; } = [];
    public string? AmfName { get; set; }
    public List<Guami> ServedGuamis { get; } = [];
    public List<PlmnSupport> PlmnSupport { get; } = [];
    /// <summary>
    /// The UE asks to be registered: its NAS message is a Registration Request (TS 24.501 §8.2.6). Read, never written:
    /// the NAS message itself is kept nowhere.
    /// </summary>
    public bool IsRegistrationRequest { get; internal set; }
    /// <summary>Slices that the UE may use here (TS 38.413 §9.3.1.31).</summary>
    public List<Snssai> AllowedSlices { get; } = [];
    public List<PduSessionOrder> Orders { get; } = [];
    public List<PduSessionGrant> Grants { get; } = [];
    /// <summary>Sessions that were asked for and not set up.</summary>
    public List<byte> FailedSessions { get; } = [];
    public List<byte> ReleasedSessions { get; } = [];
    /// <summary>Elements of the message and of its session transfers that this product steps over.</summary>
    public int OtherElementCount { get; internal set; }

    /// <summary>Elements that are written beside those above; reading steps over such and leaves this empty.</summary>
    public List<NgapElement> Further { get; } = [];

    /// <summary>
    /// Reads one message, an SCTP user message with payload protocol 60. An element that is known and damaged refuses
    /// the whole message: a session that is half known explains nothing.
    /// </summary>
    public static DecodeStatus Read(ReadOnlySpan<byte> bytes, out NgapMessage? message) =>
        NgapMessageReader.Read(bytes, out message);

    /// <summary>The whole message, encoded.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public byte[] ToArray() => NgapMessageWriter.Write(this);
}

/// <summary>An element by its number (TS 38.413 §9.4.7) and its value as it is encoded.</summary>
public readonly record struct NgapElement(int Type, byte[] Value);
