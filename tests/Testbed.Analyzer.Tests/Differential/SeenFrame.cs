using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Tests.Differential;

/// <summary>What one of both decoders saw of a frame's outermost GTP-U message.</summary>
/// <param name="Kind"><c>gpdu</c>, <c>echo</c>, <c>error-indication</c>, <c>end-marker</c> or <c>other</c>.</param>
/// <param name="Qfi">Null without PDU session container.</param>
/// <param name="InnerVersion">IP version of the packet inside; 0 where there is none.</param>
/// <param name="Traits">What rules for explained differences need to know of the frame.</param>
internal sealed record SeenFrame(
    string Kind, uint Teid, int? Qfi, bool? IsUplink, int InnerVersion, HostAddress Source, HostAddress Destination,
    FrameTraits Traits);

[Flags]
internal enum FrameTraits
{
    None = 0,
    /// <summary>The tool calls some part of the frame malformed.</summary>
    Malformed = 1,
    /// <summary>GTP within GTP: the tool lists fields of both without saying whose they are.</summary>
    Nested = 2,
    /// <summary>Came in IP fragments.</summary>
    Fragmented = 4,
    /// <summary>Found to be a frame of an Ethernet PDU session.</summary>
    Ethernet = 8,
}
