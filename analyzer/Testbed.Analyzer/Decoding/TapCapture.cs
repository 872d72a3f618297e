using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Wire.Files;

namespace Testbed.Analyzer.Decoding;

/// <summary>One tap, decoded: its records in file order, and the tables that they point into.</summary>
public sealed class TapCapture
{
    public required string Name { get; init; }
    /// <summary>Taps of a run are named kit/point/interface, and those of one kit share a clock; null else.</summary>
    public string? Kit => Name.IndexOf('/') is > 0 and var end ? Name[..end] : null;
    public required TapRole Role { get; init; }
    /// <summary>An N6 tap at the edge site.</summary>
    public required bool IsEdge { get; init; }
    public required IReadOnlyList<string> Slices { get; init; }
    public required IReadOnlyList<string> Files { get; init; }
    public required RecordStore Records { get; init; }
    public required FrameDecoder Decoder { get; init; }
    /// <summary>Files that end in the middle of a block or hold a damaged one, with the reader's reason.</summary>
    public required IReadOnlyList<(string File, CaptureEnding Ending)> DamagedFiles { get; init; }
    /// <summary>The records' times never go back.</summary>
    public required bool IsSorted { get; init; }

    /// <summary>What meters read; there once directions are known.</summary>
    internal Profiles.TapProfile Profile
    {
        get => _profile ?? throw new InvalidOperationException("The tap is not yet profiled.");
        set => _profile = value;
    }

    private Profiles.TapProfile? _profile;

    public DecodeTally Tally => Decoder.Tally;

    public FlowKey Flow(in PacketRecord record) => Decoder.Flows[record.Flow];

    public TunnelKey Tunnel(in PacketRecord record) => Decoder.Tunnels[record.Tunnel];

    /// <summary>Where a reader can look the packet up: file and frame number as Wireshark counts.</summary>
    public string Evidence(in PacketRecord record) => Evidence(FrameName.Of(record));

    public string Evidence(FrameName frame) => frame.In(Files);
}
