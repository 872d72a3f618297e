namespace Testbed.Wire.Http2;

/// <summary>
/// The static table of HPACK (RFC 7541 appendix A): names, which count towards the size of entries made from them, and
/// the few values that are asked for.
/// </summary>
internal static class HpackStaticTable
{
    private static readonly string[] Names =
    [
        "", ":authority", ":method", ":method", ":path", ":path", ":scheme", ":scheme", ":status", ":status",
        ":status", ":status", ":status", ":status", ":status", "accept-charset", "accept-encoding",
        "accept-language", "accept-ranges", "accept", "access-control-allow-origin", "age", "allow",
        "authorization", "cache-control", "content-disposition", "content-encoding", "content-language",
        "content-length", "content-location", "content-range", "content-type", "cookie", "date", "etag", "expect",
        "expires", "from", "host", "if-match", "if-modified-since", "if-none-match", "if-range",
        "if-unmodified-since", "last-modified", "link", "location", "max-forwards", "proxy-authenticate",
        "proxy-authorization", "range", "referer", "refresh", "retry-after", "server", "set-cookie",
        "strict-transport-security", "transfer-encoding", "user-agent", "vary", "via", "www-authenticate",
    ];

    private static readonly int[] Statuses = [200, 204, 206, 304, 400, 404, 500];
    private const int FirstStatus = 8;

    public static int Count => Names.Length - 1;

    public static HpackName Name(int index) => HpackName.Of(Names[index]);

    /// <summary>The whole field: its value where that is a status; paths of the table name no service.</summary>
    public static HpackField Field(int index)
    {
        int status = index - FirstStatus;
        HpackName name = Name(index);
        return new(name.Kind,
            name.Kind is HpackKind.Path ? SbiService.Other : null,
            status >= 0 && status < Statuses.Length ? Statuses[status] : 0);
    }
}
