using Testbed.Wire.Ip;

namespace Testbed.Wire.Dns;

/// <summary>Types of resource records that this product reads (RFC 1035 §3.2.2, RFC 3596 §2.1).</summary>
public enum DnsType : ushort
{
    A = 1,
    Cname = 5,
    Aaaa = 28,
}

/// <summary>What a query may end with (RFC 1035 §4.1.1); others stay as their number.</summary>
public enum DnsResponseCode : byte
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
}

/// <param name="Class">1 for the Internet.</param>
public readonly record struct DnsQuestion(string Name, DnsType Type, ushort Class = DnsRecord.Internet);

/// <summary>One answer. Of records that are neither address nor alias only name, type and class are kept.</summary>
/// <param name="Address">Of A and AAAA; none otherwise.</param>
/// <param name="Alias">Of CNAME: the name that <paramref name="Name"/> stands for; empty otherwise.</param>
/// <param name="TimeToLiveS">Seconds.</param>
public readonly record struct DnsRecord(
    string Name, DnsType Type, uint TimeToLiveS, HostAddress Address, string Alias = "",
    ushort Class = DnsRecord.Internet)
{
    public const ushort Internet = 1;
}
