using System.Runtime.InteropServices;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Matching;

namespace Testbed.Analyzer.Streaming;

/// <summary>What the join keeps of one flow of one tap: half a cache line.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FlowState
{
    /// <summary>Latest time of entering among the flow's packets that left here.</summary>
    public long LatestEntryNs;
    /// <summary>Of an N3 flow: its whole pairs with its first partner.</summary>
    public uint Pairs;
    /// <summary>Packets of the flow that entered the UPF here.</summary>
    public uint Entered;
    /// <summary>
    /// Of an N3 flow: the N6 flow of its first whole pair, plus one; 0 without. Of an N6 flow: the N3 flow of its
    /// latest pair, plus one, to know what to ask the cache for.
    /// </summary>
    public int Partner;
    /// <summary>Place of the UE's slice plus two; 0 when not yet asked.</summary>
    public short Slice;
    public byte PartnerTap;
    /// <summary>An <see cref="AddressRule"/>.</summary>
    public byte Agreement;
    /// <summary>Direction that the partner's agreement and the slice hold for.</summary>
    public PacketDirection PartnerDirection;
    /// <summary>Of an N6 flow: whether its direction was looked up, and what was found.</summary>
    public bool IsDirected;
    public PacketDirection Direction;
    /// <summary>Direction of the first pair; unknown without.</summary>
    public PacketDirection Matched;
    /// <summary>Of an N3 flow: N6 taps, by bit, at which it matched.</summary>
    public byte Taps;
}
