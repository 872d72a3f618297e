using Testbed.Lab.Native;
using Testbed.Wire.GtpU;

namespace Testbed.Lab.Behaviour;

/// <summary>How a user's packet is put into a tunnel.</summary>
internal interface IGtpFraming
{
    /// <summary>Whether packets name their QoS flow, so that the far end may insist on it.</summary>
    bool CarriesQfi { get; }

    /// <summary>Puts a G-PDU header before <paramref name="packet"/>, in place.</summary>
    Datagram Wrap(in Datagram packet, uint teid, in PduSessionInformation information);
}

/// <summary>5G: every G-PDU has a PDU session container (TS 38.415).</summary>
internal sealed class PduSessionFraming : IGtpFraming
{
    // 8 bytes of header, 4 of optional fields, 4 of container without optional fields.
    private const int HeaderLength = 16;

    public bool CarriesQfi => true;

    public Datagram Wrap(in Datagram packet, uint teid, in PduSessionInformation information)
    {
        Datagram wrapped = packet.Prepend(HeaderLength);
        int written = GtpUHeader.WriteGPdu(wrapped.Bytes, teid, information, packet.Length);
        return written == HeaderLength
            ? wrapped
            : throw new InvalidOperationException($"A G-PDU header of {written} bytes, {HeaderLength} expected.");
    }
}

/// <summary>4G: the plain header of S1-U, without a QoS flow.</summary>
internal sealed class BearerFraming : IGtpFraming
{
    public bool CarriesQfi => false;

    public Datagram Wrap(in Datagram packet, uint teid, in PduSessionInformation information)
    {
        Datagram wrapped = packet.Prepend(GtpUHeader.LengthMin);
        GtpUHeader.Write(wrapped.Bytes, GtpUMessageType.GPdu, teid, packet.Length);
        return wrapped;
    }
}
