using System.Runtime.InteropServices;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Decoding.Tables;

/// <summary>One direction of an inner flow. Ports are 0 where the protocol has none.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct FlowKey(
    HostAddress Source, HostAddress Destination, ushort SourcePort, ushort DestinationPort, byte Protocol)
{
    public override string ToString() =>
        $"{Source}:{SourcePort} → {Destination}:{DestinationPort} ({Protocol})";
}

/// <summary>A GTP-U tunnel as it stands on N3: the receiving end's address and TEID, and who sends into it.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TunnelKey(HostAddress Source, HostAddress Destination, uint Teid);
