using System.Buffers.Binary;
using System.Net;

namespace Testbed.Probes.Density;

/// <summary>The parameters of a density-ramp.</summary>
/// <param name="Batch">UEs that are set up at one time; the time-out grows with it.</param>
internal sealed record DensityOrder(
    IPAddress FirstAddress, int Count, int Batch, decimal SetupsPerSecond, IPAddress RemoteAddress, int Port,
    string Path, int HoldSeconds)
{
    private const int CountMax = 10_000;
    private const long NsPerSecond = 1_000_000_000;

    public const string RecordName = "density.csv";

    /// <summary>1.5 × max(0.1 s × U, U / 100 s⁻¹) for U users that are set up at one time.</summary>
    public long TimeoutNs
    {
        get
        {
            decimal users = Math.Min(Batch, Count);
            return (long)(1.5m * Math.Max(0.1m * users, users / 100) * NsPerSecond);
        }
    }

    public long StartIntervalNs => (long)(NsPerSecond / SetupsPerSecond);
    public long HoldNs => HoldSeconds * NsPerSecond;

    public static DensityOrder Read(ProbeParameters parameters)
    {
        IPAddress first = parameters.Address("firstAddress"), remote = parameters.Address("remoteAddress");
        ProbeParameters.RequireSameFamily("remoteAddress", remote, first);
        DensityOrder order = new(
            first, parameters.Whole("count", 1, CountMax), parameters.Whole("batch", 1, CountMax),
            parameters.Number("setupsPerSecond", 0.1m, 10_000), remote, parameters.Port("port"), parameters.Path,
            parameters.Whole("holdSeconds", 1, 3_600));
        if (order.TryAddress(order.Count - 1) is null)
            throw new ProbeParameterException(
                "firstAddress", $"an address with {order.Count - 1} more behind it", first.ToString());
        return order;
    }

    /// <summary>The UE's address: the first one plus its index.</summary>
    public IPAddress Address(int index) => TryAddress(index)!;

    private IPAddress? TryAddress(int index)
    {
        byte[] bytes = FirstAddress.GetAddressBytes();
        Span<byte> low = bytes.AsSpan(bytes.Length - 4);
        ulong value = (ulong)BinaryPrimitives.ReadUInt32BigEndian(low) + (uint)index;
        if (value > uint.MaxValue) return null;
        BinaryPrimitives.WriteUInt32BigEndian(low, (uint)value);
        return new(bytes);
    }
}
