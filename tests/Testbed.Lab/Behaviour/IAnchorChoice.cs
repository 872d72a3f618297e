namespace Testbed.Lab.Behaviour;

/// <summary>Chooses the N3 address that a session's F-TEID gets.</summary>
internal interface IAnchorChoice
{
    /// <summary>A dotted quad that the UPF has.</summary>
    string AddressFor(uint ueAddress);
}

internal sealed class OneAnchor(string address) : IAnchorChoice
{
    public string AddressFor(uint ueAddress) => address;
}

/// <summary>Every other UE is served from a second address.</summary>
internal sealed class EveryOtherElsewhere(IAnchorChoice inner, string elsewhere) : IAnchorChoice
{
    public string AddressFor(uint ueAddress) => (ueAddress & 1) == 0 ? inner.AddressFor(ueAddress) : elsewhere;
}
