namespace Testbed.Capture.Live;

/// <summary>What to capture, and how much of each frame to keep.</summary>
public sealed record LiveCaptureOptions
{
    /// <summary>Interface as the system names it, e.g. <c>enp3s0</c>.</summary>
    public required string Interface { get; init; }
    /// <summary>A libpcap filter expression; empty for every frame.</summary>
    public string Filter { get; init; } = "";
    /// <summary>Bytes kept of a frame, 64 to 262,144 (libpcap's own ceiling). The default keeps the headers of
    /// IPv6 in GTP-U in IPv6 and enough payload to tell packets apart.</summary>
    public int SnapLength { get; init; } = 256;
    /// <summary>Size of the kernel's ring, in bytes. 64 MiB hold a stall of 0.2 s at 10⁶ frames/s.</summary>
    public int BufferBytes { get; init; } = 64 << 20;
    /// <summary>How long the kernel gathers frames before it hands them over. Stamps do not depend on it.</summary>
    public int GatherMs { get; init; } = 10;
    public bool Promiscuous { get; init; } = true;
}
