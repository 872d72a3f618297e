using Testbed.Fuzz.Corpus;
using Testbed.Wire;
using Testbed.Wire.Dns;
using Testbed.Wire.Http2;
using Testbed.Wire.Transport;

namespace Testbed.Fuzz.Targets;

/// <summary>
/// Decoders of the control plane that remember what came before: each input is a connection of its own.
/// </summary>
internal static class SignallingTargets
{
    // RFC 7541, C.3.1 to C.4.2: requests without and with Huffman coding, the table carried on.
    private const string Request = "828684410f7777772e6578616d706c652e636f6d";
    private const string Coded = "828684418cf1e3c2e5f23a6ba0ab90f4ff";

    public static IEnumerable<FuzzTarget> All()
    {
        byte[] block = Samples.Hex(Request);
        yield return new("hpack", Hpack,
            [block, Samples.Hex(Coded), [.. block, .. Samples.Hex("828684be58086e6f2d6361636865")]]);
        yield return new("http2", Http2,
        [
            [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Samples.Hex("000000 04 00 00000000"), .. Frame(block)],
            [.. Frame(block), .. Frame(Samples.Hex(Coded))],
        ]);
        yield return new("dns", Dns,
        [
            Samples.Hex("beef 0100 0001 0000 0000 0000 0465646765 076578616d706c65 036d6563 00 0001 0001"),
            Samples.Hex("beef 8580 0001 0002 0000 0000 0465646765 076578616d706c65 036d6563 00 0001 0001"
                + "c00c 0005 0001 0000003c 0006 036d6331 c011 c02e 0001 0001 00000e10 0004 0a643f0a"),
        ]);
        yield return new("sctp-reassembly", Reassembly,
        [
            Samples.Hex("960c 960c 00000001 00000000 00 03 0014 00000001 0000 0000 0000003c 00150000"),
            Samples.Hex("960c 960c 00000001 00000000 00 02 0014 00000001 0000 0000 0000003c 00150000"
                + "00 01 0014 00000002 0000 0000 0000003c 00150000"),
        ]);
    }

    private static byte[] Frame(byte[] block) => [0, 0, (byte)block.Length, 1, 4, 0, 0, 0, 1, .. block];

    private static bool Hpack(ReadOnlySpan<byte> input)
    {
        if (new HpackDecoder().Read(input, out Http2Headers headers) is not DecodeStatus.Ok) return false;
        Sink.Eat(headers.Status);
        return true;
    }

    private static bool Http2(ReadOnlySpan<byte> input)
    {
        Http2Reader reader = new();
        bool any = false;
        while (!input.IsEmpty)
        {
            int before = input.Length;
            reader.Read(ref input, out Http2Headers headers);
            any |= headers.Status != 0 || headers.Service is not null || input.IsEmpty;
            if (input.Length == before) break;
        }
        return any;
    }

    private static bool Dns(ReadOnlySpan<byte> input)
    {
        if (DnsMessage.Read(input, out DnsMessage? message) is not DecodeStatus.Ok) return false;
        Sink.Eat(message!.AddressesOf("edge.example.mec").Count + message.Questions.Count);
        return true;
    }

    private static bool Reassembly(ReadOnlySpan<byte> input)
    {
        if (SctpHeader.Read(input, out SctpHeader header) is not DecodeStatus.Ok) return false;
        SctpReassembly reassembly = new();
        bool any = false;
        foreach (SctpChunk chunk in header.Chunks)
        {
            if (!chunk.TryReadData(out SctpData data)) continue;
            any |= reassembly.Add(default, data, out ReadOnlySpan<byte> message) is SctpDelivery.Whole;
            Sink.Eat(message);
        }
        return any;
    }
}
