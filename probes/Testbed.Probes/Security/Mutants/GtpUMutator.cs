using System.Buffers.Binary;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Transport;

namespace Testbed.Probes.Security.Mutants;

/// <summary>
/// Malformed GTP-U messages. The n-th follows from the run's key and n alone, so that a message that brought a UPF
/// down can be made again. All name tunnels drawn from 32 bits, and hold a packet between documentation addresses with
/// a time to live of 1: what gets through by accident hurts nobody.
/// </summary>
internal sealed class GtpUMutator(byte[] key)
{
    public const int LengthMax = 512;
    /// <remarks>TEST-NET-1 (RFC 5737).</remarks>
    private const uint InnerSource = 0xC0000201, InnerDestination = 0xC0000202;
    /// <summary>Version 1 with every optional field announced, whether it follows or not.</summary>
    private const byte AllFlags = 0x37;
    private const int ChangesMax = 4, InnerPayload = 24;

    private static readonly byte[] ExtensionTypes =
        [0x00, 0x01, 0x03, 0x20, 0x40, 0x81, 0x82, 0x83, 0x84, 0x85, 0xC0, 0xC1, 0xC2, 0xFF];
    private static readonly byte[] MessageTypes = [0, 1, 2, 3, 26, 31, 253, 254, 255];
    private static readonly ushort[] Lengths = [0, 1, 3, 4, 7, 8, 12, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF];

    /// <summary>Writes mutant <paramref name="index"/> and returns its length.</summary>
    public int Write(int index, Span<byte> destination)
    {
        Random random = new(unchecked((int)ProbeKeys.Draw(key, index)));
        Span<byte> original = stackalloc byte[LengthMax];
        int length = WriteWellFormed(random, original);
        original[..length].CopyTo(destination);
        int before = length;
        for (int i = random.Next(1, ChangesMax + 1); i > 0; i--) length = Change(random, destination, length);
        // Changes may have undone each other.
        if (length == before && destination[..length].SequenceEqual(original[..length]))
            destination[random.Next(length)] ^= (byte)(1 << random.Next(8));
        return length;
    }

    private static int WriteWellFormed(Random random, Span<byte> message)
    {
        uint teid = (uint)random.NextInt64(1, 1L << 32);
        ushort sequence = (ushort)random.Next(ushort.MaxValue);
        switch (random.Next(8))
        {
            case 0: return GtpUPathMessages.WriteEchoRequest(message, sequence);
            case 1: return GtpUPathMessages.WriteEchoResponse(message, sequence);
            case 2:
                return GtpUPathMessages.WriteErrorIndication(
                    message, new(teid, HostAddress.FromIpv4(InnerDestination)));
            case 3: return GtpUPathMessages.WriteEndMarker(message, teid);
            case 4: return GtpUHeader.Write(message, GtpUMessageType.GPdu, teid, Inner) + WriteInner(message[8..]);
            default:
                int header = GtpUHeader.WriteGPdu(
                    message, teid, PduSessionInformation.Uplink((byte)random.Next(64)), Inner, sequence);
                return header + WriteInner(message[header..]);
        }
    }

    private static int Inner => Ipv4Header.LengthMin + UdpHeader.LengthMin + InnerPayload;

    private static int WriteInner(Span<byte> destination)
    {
        int at = Ipv4Header.Write(destination, InnerSource, InnerDestination, IpProtocol.Udp,
            UdpHeader.LengthMin + InnerPayload, timeToLive: 1);
        at += UdpHeader.Write(destination[at..], 9, 9, InnerPayload);
        destination.Slice(at, InnerPayload).Clear();
        return Inner;
    }

    private static int Change(Random random, Span<byte> message, int length)
    {
        switch (random.Next(9))
        {
            case 0:
                message[random.Next(length)] ^= (byte)(1 << random.Next(8));
                return length;
            case 1:
                message[0] = (byte)(random.Next(2) == 0 ? AllFlags : random.Next(256));
                return length;
            case 2 when length > 1:
                message[1] = MessageTypes[random.Next(MessageTypes.Length)];
                return length;
            case 3 when length >= 4:
                BinaryPrimitives.WriteUInt16BigEndian(message[2..], Lengths[random.Next(Lengths.Length)]);
                return length;
            case 4 when length > 12:
                // An extension header of no length at all, or longer than the message.
                message[0] |= 0x04;
                message[11] = ExtensionTypes[random.Next(ExtensionTypes.Length)];
                message[12] = (byte)(random.Next(2) == 0 ? 0 : random.Next(256));
                return length;
            case 5:
                return random.Next(length) + 1;
            case 6 when length + 64 < LengthMax:
                int more = random.Next(1, 64);
                random.NextBytes(message.Slice(length, more));
                return length + more;
            case 7 when length > 8:
                int at = random.Next(8, length);
                random.NextBytes(message[at..length]);
                return length;
            default:
                message[random.Next(length)] = (byte)(random.Next(2) == 0 ? 0x00 : 0xFF);
                return length;
        }
    }
}
