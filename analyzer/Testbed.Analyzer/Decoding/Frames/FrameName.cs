using System.Runtime.InteropServices;

namespace Testbed.Analyzer.Decoding.Frames;

/// <summary>Where a reader can look a packet up: which of the tap's files, and the frame's ordinal in it.</summary>
/// <param name="Frame">From 1; 0 stands for none.</param>
[StructLayout(LayoutKind.Sequential, Pack = 2)]
public readonly record struct FrameName(ushort File, uint Frame)
{
    /// <summary>The file's name and the frame's number as Wireshark counts.</summary>
    public string In(IReadOnlyList<string> files) => $"{System.IO.Path.GetFileName(files[File])}#{Frame}";

    public static FrameName Of(in PacketRecord record) => new(record.File, record.FrameNumber);
}
