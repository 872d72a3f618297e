using Testbed.Lab.Native;

namespace Testbed.Lab.Behaviour;

/// <summary>Something beside the gNB that answers a UE's packet itself.</summary>
internal interface IUplinkInterceptor
{
    /// <summary>
    /// True when the packet was turned, in place and at the same length, into the answer that goes back to the UE.
    /// </summary>
    bool Takes(in Datagram packet);
}
