namespace Testbed.Lab.Records;

/// <summary>Packets and bytes; one writer.</summary>
internal struct Tally
{
    public long Packets;
    public long Bytes;

    public void Add(int bytes)
    {
        Packets++;
        Bytes += bytes;
    }
}

/// <summary>What happened to the packets of one direction of one session, point by point. Inner bytes.</summary>
internal sealed class DirectionRecord
{
    public Tally GnbIn;
    public Tally GnbOut;
    public Tally UpfIn;
    public Tally UpfOut;
    /// <summary>Lost on purpose, by a fault, at the gNB and at the UPF.</summary>
    public long GnbLost;
    public long UpfLost;
    /// <summary>Delayed on purpose.</summary>
    public long GnbDelayed;
    public long UpfDelayed;
    /// <summary>Over the session's rate.</summary>
    public long RateDropped;
    /// <summary>To where the session's network instance does not lead.</summary>
    public long Unrouted;
    /// <summary>For want of room before a full link.</summary>
    public long LinkDropped;
}

/// <summary>One PDU session's life, as the lab knows it.</summary>
internal sealed class TunnelRecord
{
    public required string Slice { get; init; }
    /// <summary>IPv4 address of the UE as a big-endian number.</summary>
    public required uint Ue { get; init; }
    public string UpfAddress { get; set; } = "";
    public byte Qfi { get; set; }
    public uint UplinkTeid { get; set; }
    public uint DownlinkTeid { get; set; }
    public DateTimeOffset EstablishedUtc { get; set; }
    public DateTimeOffset? ReleasedUtc { get; set; }
    public DirectionRecord Uplink { get; } = new();
    public DirectionRecord Downlink { get; } = new();
}
