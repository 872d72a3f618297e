namespace Testbed.Wire.Packets;

/// <summary>An interface that frames were captured on, as the file or the system names it.</summary>
/// <param name="SnapLength">Most bytes kept of a frame; 0 when not limited.</param>
public sealed record CaptureInterface(int Index, string Name, LinkType LinkType, int SnapLength);

/// <summary>Frames from a file or a live interface, in the order in which they were captured or stored.</summary>
public interface IPacketSource : IDisposable
{
    /// <summary>The interfaces met so far; a pcapng file may add to them as it is read.</summary>
    IReadOnlyList<CaptureInterface> Interfaces { get; }

    /// <summary>
    /// Appends frames to <paramref name="batch"/> until it is full or nothing more is at hand.
    /// Returns false at the end of the source, which may come together with a last few frames.
    /// </summary>
    bool Fill(PacketBatch batch);
}
