namespace Testbed.Wire;

/// <summary>
/// What a decoder found. Everything but <see cref="Ok"/> says why the bytes were not decoded and is
/// counted under that name; no decoder throws on bytes from the network.
/// </summary>
public enum DecodeStatus : byte
{
    /// <summary>Nothing was decoded yet: a default value is no success.</summary>
    None = 0,
    Ok = 1,
    /// <summary>The bytes end before the header does.</summary>
    Truncated = 2,
    /// <summary>A version field names another protocol or another version of it.</summary>
    BadVersion = 3,
    /// <summary>A length field contradicts the header it stands in.</summary>
    BadLength = 4,
    /// <summary>A field holds a value that its specification forbids.</summary>
    BadField = 5,
    /// <summary>Well formed, but of a kind that this product does not read.</summary>
    Unsupported = 6,
    /// <summary>A later IP fragment: it carries no transport header.</summary>
    LaterFragment = 7,
    /// <summary>Nested deeper than the decoder follows.</summary>
    TooDeep = 8,
    /// <summary>GTP' (protocol type 0 of GTP version 1), a charging protocol; TS 32.295 §6.</summary>
    GtpPrime = 9,
    /// <summary>A GTP version 1 message of the control plane (TS 29.060), where GTP-U was looked for.</summary>
    GtpV1Control = 10,
    /// <summary>A GTP version 2 message (TS 29.274), where GTP-U was looked for.</summary>
    GtpV2Control = 11,
}
