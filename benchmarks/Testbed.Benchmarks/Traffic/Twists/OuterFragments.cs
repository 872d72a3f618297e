using System.Buffers.Binary;
using Testbed.Wire.Ethernet;
using Testbed.Wire.Ip;

namespace Testbed.Benchmarks.Traffic.Twists;

/// <summary>N3 has a small MTU, so both its ends cut large G-PDUs into IP fragments (RFC 791 §2.3).</summary>
internal sealed class OuterFragments(int mtu) : ITwist
{
    private const int Ip = EthernetHeader.LengthMin, Headers = Ip + Ipv4Header.LengthMin;

    public string Name => $"fragment-n3 {mtu}";
    public bool NeedsWholeFrames => true;

    /// <remarks>All pieces carry the packet's own time: that is when the datagram is whole, and passes on.</remarks>
    public IFrameSink Wrap(IFrameSink file, Tap tap) => tap is Tap.N3 ? new Cutter(file, mtu) : file;

    private sealed class Cutter(IFrameSink file, int mtu) : IFrameSink
    {
        private readonly byte[] _piece = new byte[2048];

        public void Accept(in Sighting sighting, ReadOnlySpan<byte> frame)
        {
            if (frame.Length - Ip <= mtu)
            {
                file.Accept(sighting, frame);
                return;
            }
            ReadOnlySpan<byte> payload = frame[Headers..];
            int step = (mtu - Ipv4Header.LengthMin) & ~7;
            int pieces = (payload.Length + step - 1) / step;
            for (int i = 0; i < pieces; i++)
            {
                ReadOnlySpan<byte> part = payload[(i * step)..Math.Min(payload.Length, (i + 1) * step)];
                frame[..Headers].CopyTo(_piece);
                part.CopyTo(_piece.AsSpan(Headers));
                WriteHeader(_piece.AsSpan(Ip), part.Length, i * step / 8 | (i < pieces - 1 ? 0x2000 : 0));
                int length = Headers + part.Length;
                file.Accept(sighting with { Length = length }, _piece.AsSpan(0, length));
            }
        }

        public void Finish() => file.Finish();

        private static void WriteHeader(Span<byte> header, int payloadLength, int fragmentField)
        {
            BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(Ipv4Header.LengthMin + payloadLength));
            BinaryPrimitives.WriteUInt16BigEndian(header[6..], (ushort)fragmentField);
            BinaryPrimitives.WriteUInt16BigEndian(header[10..], 0);
            BinaryPrimitives.WriteUInt16BigEndian(header[10..], Checksum.Compute(header[..Ipv4Header.LengthMin]));
        }
    }
}
