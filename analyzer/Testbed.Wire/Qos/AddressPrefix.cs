using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Testbed.Wire.Ip;

namespace Testbed.Wire.Qos;

/// <summary>An IPv4 or IPv6 prefix; the default value holds every address of both.</summary>
/// <param name="Bits">Length of the prefix in its own family: 0–32 or 0–128.</param>
public readonly record struct AddressPrefix(HostAddress Address, int Bits)
{
    // Not by its content: "::/0" holds no IPv4 address.
    private readonly bool _isSet = true;

    public bool IsAny => !_isSet;

    public bool Contains(HostAddress address)
    {
        if (IsAny) return true;
        if (address.IsIpv4 != Address.IsIpv4) return false;
        int bits = Address.IsIpv4 ? 96 + Bits : Bits;
        ulong high = bits >= 64 ? ulong.MaxValue : Mask(bits);
        ulong low = bits <= 64 ? 0 : Mask(bits - 64);
        return ((address.High ^ Address.High) & high) == 0 && ((address.Low ^ Address.Low) & low) == 0;
    }

    /// <summary>The narrower one; null when they have no address in common.</summary>
    public AddressPrefix? And(AddressPrefix other)
    {
        if (IsAny) return other;
        if (other.IsAny) return this;
        if (Bits >= other.Bits) return other.Contains(Address) ? this : null;
        return Contains(other.Address) ? other : null;
    }

    /// <summary>Reads <c>10.0.0.0/8</c> or a single address.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AddressPrefix prefix)
    {
        prefix = default;
        int slash = text.IndexOf('/');
        ReadOnlySpan<char> host = slash < 0 ? text : text[..slash];
        // "10.1" is an address to the parser of the platform, and a slip of the pen in a rule.
        if (!IPAddress.TryParse(host, out IPAddress? address)
            || (address.AddressFamily is AddressFamily.InterNetwork && host.Count('.') != 3))
            return false;
        int bitsMax = address.AddressFamily is AddressFamily.InterNetwork ? 32 : 128;
        int bits = bitsMax;
        if (slash >= 0 && (!int.TryParse(
                text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out bits) || bits > bitsMax))
            return false;
        prefix = new(HostAddress.From(address), bits);
        return true;
    }

    public override string ToString() =>
        IsAny ? "any" : Bits == (Address.IsIpv4 ? 32 : 128) ? $"{Address}" : $"{Address}/{Bits}";

    private static ulong Mask(int bits) => bits == 0 ? 0 : ulong.MaxValue << (64 - bits);
}
