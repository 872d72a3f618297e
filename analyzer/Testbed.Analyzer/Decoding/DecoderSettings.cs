using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Decoding;

/// <summary>What a tap's frames can be.</summary>
public enum TapRole
{
    /// <summary>GTP-U between gNB and UPF; anything else is no user traffic.</summary>
    N3 = 1,
    /// <summary>Plain IP; a UE's own GTP-U is a packet like any other.</summary>
    N6 = 2,
    /// <summary>Both in one capture: GTP-U on port 2152 is N3, everything else may be N6.</summary>
    Both = 3,
}

/// <summary>Settings of a decoder; the same for every tap of one analysis.</summary>
/// <param name="DigestBytes">Payload bytes that a fingerprint covers at most.</param>
/// <param name="TestPorts">UDP ports of test traffic whose payload is to be kept.</param>
public sealed record DecoderSettings(int DigestBytes, IReadOnlyCollection<int> TestPorts)
{
    /// <summary>A UDP port that carries GTP-U beside 2152; 0 for none.</summary>
    public int GtpUPort { get; init; }
    /// <summary>Ends of tunnels that UEs keep themselves: on N6 such a tunnel is user traffic and no link.</summary>
    public IReadOnlySet<HostAddress> UserTunnelEnds { get; init; } = new HashSet<HostAddress>();

    /// <summary>
    /// Enough to hold any test tool's sequence number, and kept by a snap length of 256 at either tap.
    /// </summary>
    public const int DigestBytesDefault = 64;
    public static DecoderSettings Default { get; } = new(DigestBytesDefault, []);
}
