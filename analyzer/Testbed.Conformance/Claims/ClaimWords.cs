namespace Testbed.Conformance.Claims;

/// <summary>Words of a claim file that other parts of the product must spell alike.</summary>
public static class ClaimWords
{
    public const string LargeBandwidth = "large-bandwidth";
    public const string MassiveConnection = "massive-connection";
    public const string LowLatency = "low-latency";
    public const string HighReliability = "high-reliability";

    public const string SelfCheck = "self-check";
    public const string SiteVisit = "site-visit";

    /// <summary>What a network lets through: <c>network.ueToUe</c>, <c>network.unsolicitedDownlink</c>.</summary>
    public const string Allowed = "allowed";
    public const string Blocked = "blocked";

    /// <summary><c>network.n3Protection</c>: ESP, or clear text because the site is trusted.</summary>
    public const string Ipsec = "ipsec";
    public const string TrustedSite = "trusted-site";

    /// <summary>What an applicant may allow; what is not listed in the claim is not done.</summary>
    public static readonly string[] Consents = ["load", "scan", "spoof", "malformed", "n3-active", "full-capture"];
}
