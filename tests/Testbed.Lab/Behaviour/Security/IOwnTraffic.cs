using Testbed.Lab.Native;

namespace Testbed.Lab.Behaviour.Security;

/// <summary>What became of a user's packet that is addressed to the UPF itself.</summary>
internal enum OwnTraffic
{
    /// <summary>It is for somebody else, or for an address that no user may speak to: the routes decide.</summary>
    Left,
    /// <summary>It was turned, in place and at the same length, into the answer that goes back to the UE.</summary>
    Answered,
    /// <summary>Its UDP payload is to be taken as if it had come over N3.</summary>
    Opened,
}

/// <summary>What the UPF makes of users' packets to its own addresses.</summary>
internal interface IOwnTraffic
{
    OwnTraffic Take(in Datagram packet);
}

/// <summary>A UPF's own addresses are none of its users' business.</summary>
internal sealed class NothingForUsers : IOwnTraffic
{
    public OwnTraffic Take(in Datagram packet) => OwnTraffic.Left;
}
