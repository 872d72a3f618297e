using System.Buffers.Binary;
using Testbed.Wire.Ethernet;
using Testbed.Wire.Ip;

namespace Testbed.Benchmarks.Traffic.Twists;

/// <summary>
/// The UPF, or a box behind it, translates IPv4 users to a few public addresses, with a port of its own for every flow
/// (RFC 3022). IPv6 passes as it is.
/// </summary>
internal sealed class AddressTranslation : ITwist
{
    /// <remarks>192.0.2.0/24 (RFC 5737) and, for large crowds, what follows it.</remarks>
    private const uint PoolBase = 0xC000_0201;
    private const int PortFirst = 1_024, PortCount = 64_000;

    public string Name => "nat";

    public IFrameSink Wrap(IFrameSink file, Tap tap) => tap is Tap.N6 ? new Translator(file) : file;

    private sealed class Translator(IFrameSink file) : IFrameSink
    {
        private const int Ip = EthernetHeader.LengthMin, Transport = Ip + Ipv4Header.LengthMin;
        private readonly byte[] _frame = new byte[2048];

        public void Accept(in Sighting sighting, ReadOnlySpan<byte> frame)
        {
            if (frame[Ip] >> 4 != 4)
            {
                file.Accept(sighting, frame);
                return;
            }
            Span<byte> copy = _frame.AsSpan(0, frame.Length);
            frame.CopyTo(copy);
            long flow = (long)sighting.Session * FlowKind.All.Length + sighting.Kind;
            Span<byte> outside = stackalloc byte[6];
            BinaryPrimitives.WriteUInt32BigEndian(outside, PoolBase + (uint)(flow / PortCount));
            BinaryPrimitives.WriteUInt16BigEndian(outside[4..], (ushort)(PortFirst + flow % PortCount));
            int address = sighting.IsUplink ? Ip + 12 : Ip + 16, port = sighting.IsUplink ? Transport : Transport + 2;
            int checksum = copy[Ip + 9] == IpProtocol.Tcp ? Transport + 16 : Transport + 6;
            Replace(copy, Ip + 10, address, outside[..4]);
            // Once more for the pseudo header of TCP and UDP, from the address that was.
            Update(copy, checksum, frame.Slice(address, 4), outside[..4]);
            Replace(copy, checksum, port, outside[4..]);
            file.Accept(sighting, copy);
        }

        public void Finish() => file.Finish();

        private static void Replace(Span<byte> frame, int checksum, int at, ReadOnlySpan<byte> value)
        {
            Update(frame, checksum, frame.Slice(at, value.Length), value);
            value.CopyTo(frame[at..]);
        }

        private static void Update(Span<byte> frame, int checksum, ReadOnlySpan<byte> old, ReadOnlySpan<byte> value)
        {
            ushort before = BinaryPrimitives.ReadUInt16BigEndian(frame[checksum..]);
            BinaryPrimitives.WriteUInt16BigEndian(frame[checksum..], Checksum.Update(before, old, value));
        }
    }
}
