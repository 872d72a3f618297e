using Testbed.Analyzer.Decoding.Frames;
using Testbed.Wire;
using Testbed.Wire.Transport;

namespace Testbed.Analyzer.Decoding.Signalling;

/// <summary>What became of the frames and messages of one control-plane file. Nothing vanishes.</summary>
internal sealed class ControlTally
{
    private readonly SortedDictionary<string, long> _notDecoded = new(StringComparer.Ordinal);

    public DecodeTally Frames { get; } = new();
    public long PfcpMessages { get; set; }
    public long NgapMessages { get; set; }
    /// <summary>SCTP DATA chunks that were seen before: sent again, or captured twice.</summary>
    public long Retransmitted { get; private set; }

    /// <summary>Messages that may have set something up and told nothing.</summary>
    public long Unread =>
        _notDecoded.Where(reason => reason.Key != OtherProtocol).Sum(reason => reason.Value)
        + Frames.FragmentsIncomplete;

    /// <summary>Reason for SCTP payloads that are not NGAP's.</summary>
    public const string OtherProtocol = "sctpOtherProtocol";

    /// <summary>Frames, chunks and messages that gave nothing, by reason in camel case.</summary>
    public SortedDictionary<string, long> NotDecoded()
    {
        SortedDictionary<string, long> reasons = Frames.NotDecoded();
        foreach ((string reason, long count) in _notDecoded)
            reasons[reason] = reasons.GetValueOrDefault(reason) + count;
        return reasons;
    }

    public void Fail(string layer, DecodeStatus status) => Fail(layer + status);

    public void Fail(string reason, long count = 1)
    {
        if (count > 0) _notDecoded[reason] = _notDecoded.GetValueOrDefault(reason) + count;
    }

    public void Note(SctpDelivery delivery)
    {
        if (delivery is SctpDelivery.Retransmitted) Retransmitted++;
        else if (delivery is SctpDelivery.Refused) Fail("sctpRefused");
    }
}
