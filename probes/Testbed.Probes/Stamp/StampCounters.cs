namespace Testbed.Probes.Stamp;

/// <summary>Test packets of a session by what became of them.</summary>
public sealed class StampCounters
{
    /// <summary>Handed to the network; each is answered, lost or had a clock step in its flight.</summary>
    public long Sent { get; internal set; }
    /// <summary>Never answered within the waiting time.</summary>
    public long Lost { get; internal set; }
    /// <summary>Answered after the deadline.</summary>
    public long Late { get; internal set; }
    /// <summary>Sent late by this kit, held by the reflector's kit, or away while this kit stood still.</summary>
    public long Disturbed { get; internal set; }
    /// <summary>Flights in which a wall clock moved by more than 1 ms against the monotonic one.</summary>
    public long ClockSteps { get; internal set; }
    /// <summary>Refused by this kit's own kernel; not counted as sent.</summary>
    public long NotSent { get; internal set; }
    public long Duplicates { get; internal set; }
    /// <summary>Answers that arrived after the answer to a later packet.</summary>
    public long Reordered { get; internal set; }
    /// <summary>Answers to packets that had been recorded already: second answers, or after the waiting time.</summary>
    public long AfterWait { get; internal set; }
    /// <summary>Datagrams from the reflector whose HMAC is not this session's, or too short to carry one.</summary>
    public long NotAuthentic { get; internal set; }
    /// <summary>Authentic, but of a packet that was never sent.</summary>
    public long Strange { get; internal set; }
    /// <summary>Datagrams from someone else.</summary>
    public long Foreign { get; internal set; }
    /// <summary>Answers that the full buffer of this kit's own socket dropped.</summary>
    public long SocketDrops { get; internal set; }
}
