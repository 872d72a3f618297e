namespace Testbed.Lab.Behaviour.Security;

/// <summary>Which source addresses the UPF takes from a session.</summary>
/// <remarks>TS 33.203 annex T.6 asks of a GGSN to drop any but the UE's own.</remarks>
internal interface ISourceCheck
{
    /// <summary>Both addresses as big-endian numbers.</summary>
    bool Accepts(uint ueAddress, uint source);
}

internal sealed class OwnAddressOnly : ISourceCheck
{
    public bool Accepts(uint ueAddress, uint source) => source == ueAddress;
}

internal sealed class AnySource : ISourceCheck
{
    public bool Accepts(uint ueAddress, uint source) => true;
}
