namespace Testbed.Wire.Pfcp;

/// <summary>
/// Any PFCP message, with the parts that this product knows: node messages use the upper half, session messages also
/// the rules. Parts that a message does not have are null or empty.
/// </summary>
public sealed record PfcpMessage(PfcpMessageType Type, uint SequenceNumber)
{
    /// <summary>Receiver's session; null in messages between nodes.</summary>
    public ulong? Seid { get; init; }
    public NodeId? NodeId { get; set; }
    public PfcpCause? Cause { get; set; }
    /// <summary>Seconds since 1900 (NTP) when the sender last started.</summary>
    public uint? RecoveryTimeStamp { get; set; }
    /// <summary>
    /// As coded (TS 29.244 §8.2.25); bit 4 of the first byte says that the user plane can choose TEIDs.
    /// </summary>
    public byte[]? UpFunctionFeatures { get; set; }
    public byte[]? CpFunctionFeatures { get; set; }
    /// <summary>Type of the element that caused a refusal.</summary>
    public ushort? OffendingElement { get; set; }

    /// <summary>The sender's session: the control plane's in a request, the user plane's in a response.</summary>
    public FSeid? FSeid { get; set; }
    public Snssai? Snssai { get; set; }
    /// <summary>1 IPv4, 2 IPv6, 3 both, 4 unstructured, 5 Ethernet.</summary>
    public byte? PdnType { get; set; }
    public string? Dnn { get; set; }
    public List<PacketDetectionRule> CreatePdrs { get; } = [];
    public List<PacketDetectionRule> UpdatePdrs { get; } = [];
    public List<ushort> RemovePdrs { get; } = [];
    public List<CreatedPdr> CreatedPdrs { get; } = [];
    public List<CreatedPdr> UpdatedPdrs { get; } = [];
    public List<ForwardingActionRule> CreateFars { get; } = [];
    public List<ForwardingActionRule> UpdateFars { get; } = [];
    public List<uint> RemoveFars { get; } = [];
    public List<QosEnforcementRule> CreateQers { get; } = [];
    public List<QosEnforcementRule> UpdateQers { get; } = [];
    public List<uint> RemoveQers { get; } = [];
    public List<TrafficEndpoint> CreateTrafficEndpoints { get; } = [];
    public List<TrafficEndpoint> UpdateTrafficEndpoints { get; } = [];
    public List<TrafficEndpoint> CreatedTrafficEndpoints { get; } = [];
    /// <summary>Elements at the top of the message that this product does not read.</summary>
    public int OtherElementCount { get; internal set; }

    /// <summary>
    /// Reads one message. An element that is damaged, or lacks what makes it identifiable, refuses the whole message:
    /// rules that are half known explain nothing.
    /// </summary>
    public static DecodeStatus Read(ReadOnlySpan<byte> datagram, out PfcpMessage? message)
    {
        message = null;
        DecodeStatus status = PfcpHeader.Read(datagram, out PfcpHeader header);
        return status is DecodeStatus.Ok ? PfcpMessageReader.Read(header, out message) : status;
    }

    /// <summary>
    /// Writes the whole message and returns its length. 2,048 bytes hold any message with up to 16 rules.
    /// </summary>
    public int Write(Span<byte> destination) => PfcpMessageWriter.Write(this, destination);
}
