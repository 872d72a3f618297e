using Testbed.Lab.Native;

namespace Testbed.Lab.Taps;

/// <summary>What becomes of a frame on its way from the cable to a tap that only gets copies.</summary>
internal interface ITapFilter
{
    /// <summary>False when the tap does not get the frame; the copy may be changed, not its length.</summary>
    /// <param name="frame">From the Ethernet header on.</param>
    bool Shows(in Datagram frame, bool isFromUpf);
}

/// <summary>A mirror port of which only one direction is wired.</summary>
internal sealed class OnlyFromUpf : ITapFilter
{
    public bool Shows(in Datagram frame, bool isFromUpf) => isFromUpf;
}
