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
}
