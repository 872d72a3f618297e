using System.Runtime.InteropServices;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Decoding;

/// <summary>One direction of an inner flow. Ports are 0 where the protocol has none.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct FlowKey(
    HostAddress Source, HostAddress Destination, ushort SourcePort, ushort DestinationPort, byte Protocol)
    : IInternKey
{
    public ulong Hash()
    {
        ulong hash = Mix64.Combine(Source.High, Source.Low);
        hash = Mix64.Combine(hash ^ Destination.High, Destination.Low);
        return Mix64.Combine(hash, (ulong)SourcePort << 32 | (ulong)DestinationPort << 8 | Protocol);
    }

    public override string ToString() =>
        $"{Source}:{SourcePort} → {Destination}:{DestinationPort} ({Protocol})";
}

/// <summary>A GTP-U tunnel as it stands on N3: the receiving end's address and TEID, and who sends into it.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct TunnelKey(HostAddress Source, HostAddress Destination, uint Teid) : IInternKey
{
    public ulong Hash()
    {
        ulong hash = Mix64.Combine(Source.High, Source.Low);
        hash = Mix64.Combine(hash ^ Destination.High, Destination.Low);
        return Mix64.Combine(hash, Teid);
    }
}

/// <summary>A key whose hash is part of its type, so that tables need no comparer and no heap.</summary>
public interface IInternKey
{
    ulong Hash();
}
