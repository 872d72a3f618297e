using Testbed.Lab.Topology;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Users;

/// <summary>
/// UEs of the lab itself, with neighbouring addresses, that exchange a little traffic with their host.
/// </summary>
/// <param name="First">Address of the first, dotted quad.</param>
/// <param name="Pool">The pool that the addresses are of, as a prefix that namespace ue holds.</param>
/// <param name="SilentTurns">Turns of the background traffic, 50 ms each, that they let pass before they speak.</param>
internal sealed record UePopulation(SliceAccess Slice, string Pool, string First, int Count, int SilentTurns = 0)
{
    public const int HonestCount = 5;

    public static readonly IReadOnlyList<UePopulation> Honest =
    [
        new(SliceAccess.Embb, SliceAccess.Embb.Pool, "10.45.200.1", HonestCount),
        new(SliceAccess.Iot, SliceAccess.Iot.Pool, "10.46.200.1", HonestCount),
    ];

    public IEnumerable<uint> Addresses
    {
        get
        {
            uint first = HostAddress.Parse(First).Ipv4Bits;
            for (uint i = 0; i < Count; i++) yield return first + i;
        }
    }
}
