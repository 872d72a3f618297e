namespace Testbed.Lab.Behaviour.Security;

/// <summary>
/// What the claim says of the network's security, in the claim's own words: what an honest lab does. A fault that lets
/// the claim promise more than the network keeps changes it here.
/// </summary>
internal sealed class ClaimedSecurity
{
    /// <summary><c>trusted-site</c> or <c>ipsec</c>; the lab's N3 is in clear.</summary>
    public string N3Protection { get; set; } = "trusted-site";

    /// <summary><c>blocked</c> or <c>allowed</c>.</summary>
    public string UeToUe { get; set; } = "blocked";

    /// <summary><c>blocked</c> or <c>allowed</c>; the lab's UPF has no firewall and delivers what N6 sends.</summary>
    public string UnsolicitedDownlink { get; set; } = "allowed";
}
