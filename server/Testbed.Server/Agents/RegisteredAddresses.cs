using System.Net;
using Testbed.Server.Planning;

namespace Testbed.Server.Agents;

/// <summary>The addresses that attached agents reported.</summary>
public sealed class RegisteredAddresses(AgentRegistry registry) : IKitAddresses
{
    /// <summary>An access network is seldom wider than this; a nearer address may still be another network's.</summary>
    private const int SharedBitsMin = 16;

    public IPAddress? Near(string kit, IPAddress peer) =>
        registry.Find(kit)?.Facts.Addresses
            .Where(address => address.AddressFamily == peer.AddressFamily)
            .Select(address => (Address: address, Bits: SharedBits(address, peer)))
            .Where(each => each.Bits >= SharedBitsMin)
            .OrderByDescending(each => each.Bits).ThenBy(each => each.Address.ToString(), StringComparer.Ordinal)
            .Select(each => each.Address).FirstOrDefault();

    private static int SharedBits(IPAddress one, IPAddress other)
    {
        byte[] left = one.GetAddressBytes(), right = other.GetAddressBytes();
        for (int i = 0; i < left.Length; i++)
            if (left[i] != right[i])
                return i * 8 + (int)byte.LeadingZeroCount((byte)(left[i] ^ right[i]));
        return left.Length * 8;
    }
}
