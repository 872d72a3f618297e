using Testbed.Lab.Topology;
using Testbed.Lab.Users;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Radio;

/// <summary>
/// Whose radio a packet came over. The lab's UEs share an interface a slice, so their source address has to tell; a
/// source that no UE of the leg can have is a lie, told over the radio of the leg's first UE.
/// </summary>
internal sealed class Modems
{
    /// <summary>The last addresses of each pool are never given to a UE.</summary>
    private const uint NeverGiven = 256;

    private readonly HashSet<uint> _background;
    private readonly Dictionary<SliceAccess, (uint First, uint Last)> _pools = [];

    public Modems(IEnumerable<UePopulation> background)
    {
        _background = [.. background.SelectMany(population => population.Addresses)];
        foreach (SliceAccess slice in SliceAccess.All)
        {
            string[] parts = slice.Pool.Split('/');
            uint first = HostAddress.Parse(parts[0]).Ipv4Bits;
            _pools[slice] = (first, first + (1u << (32 - int.Parse(parts[1]))) - NeverGiven);
        }
    }

    /// <summary>Address of the UE whose session carries the packet, as a big-endian number.</summary>
    public uint UeOf(SliceAccess leg, uint source)
    {
        (uint first, uint last) = _pools[leg];
        return (source >= first && source < last) || _background.Contains(source) ? source : first + 2;
    }
}
