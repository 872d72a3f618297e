using System.Text;
using Testbed.Wire.Http2;

namespace Testbed.Wire.Tests.Http2;

/// <summary>Vectors of RFC 7541 appendix C.</summary>
public sealed class HpackTests
{
    [TestCase("f1e3c2e5f23a6ba0ab90f4ff", "www.example.com")]
    [TestCase("a8eb10649cbf", "no-cache")]
    [TestCase("25a849e95ba97d7f", "custom-key")]
    [TestCase("25a849e95bb8e8b4bf", "custom-value")]
    [TestCase("6402", "302")]
    [TestCase("d07abe941054d444a8200595040b8166e082a62d1bff", "Mon, 21 Oct 2013 20:13:21 GMT")]
    [TestCase("9d29ad171863c78f0b97c8e9ae82ae43d3", "https://www.example.com")]
    [TestCase("94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
        "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1")]
    public void A_coded_string_reads_as_the_RFC_says(string hex, string expected)
    {
        byte[] text = new byte[256];
        Assert.That(HpackHuffman.Decode(Bytes.Hex(hex), text, out int length), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(Encoding.ASCII.GetString(text, 0, length), Is.EqualTo(expected));
    }

    [TestCase("ff", DecodeStatus.BadField, Description = "eight bits of padding")]
    [TestCase("00", DecodeStatus.BadField, Description = "padding that is not all ones")]
    [TestCase("fffffffc", DecodeStatus.BadField, Description = "the end of string")]
    public void Bad_padding_and_the_end_of_string_are_refused(string hex, DecodeStatus expected) =>
        Assert.That(HpackHuffman.Decode(Bytes.Hex(hex), new byte[64], out _), Is.EqualTo(expected));

    [Test]
    public void A_string_longer_than_its_room_is_refused() =>
        Assert.That(HpackHuffman.Decode(Bytes.Hex("a8eb10649cbf"), new byte[7], out _),
            Is.EqualTo(DecodeStatus.BadLength));

    [Test]
    public void Requests_of_the_RFC_keep_the_table_in_step()
    {
        HpackDecoder decoder = new();
        foreach (string block in (string[])["828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf",
            "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"])
        {
            Assert.That(decoder.Read(Bytes.Hex(block), out Http2Headers headers), Is.EqualTo(DecodeStatus.Ok));
            Assert.That(headers, Is.EqualTo(new Http2Headers(SbiService.Other, 0)));
        }
    }

    [Test]
    public void Responses_of_the_RFC_evict_as_it_says()
    {
        // C.6 with a table of 256 octets: the status 302 of the first is evicted by the third.
        HpackDecoder decoder = new();
        (string Block, int Status)[] responses =
        [
            ("3fe101" + "4882640258 85aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b"
                + "97c8e9ae82ae43d3", 302),
            ("4883640effc1c0bf", 307),
            ("88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960"
                + "d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007", 200),
        ];
        foreach ((string block, int status) in responses)
        {
            Assert.That(decoder.Read(Bytes.Hex(block), out Http2Headers headers), Is.EqualTo(DecodeStatus.Ok));
            Assert.That(headers.Status, Is.EqualTo(status));
        }
        // Three entries are left: 64 is the last, 65 is gone.
        Assert.That(decoder.Read(Bytes.Hex("c0"), out _), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(decoder.Read(Bytes.Hex("c1"), out _), Is.EqualTo(DecodeStatus.BadField));
    }

    [Test]
    public void Mutants_decode_or_are_refused()
    {
        byte[] block = Bytes.Hex("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf");
        Random random = new(7541);
        int refused = 0;
        for (int i = 0; i < 20_000; i++)
        {
            HpackDecoder decoder = new();
            decoder.Read(Bytes.Hex("828684418cf1e3c2e5f23a6ba0ab90f4ff"), out _);
            if (decoder.Read(Bytes.Mutate(block, random), out _) is not DecodeStatus.Ok) refused++;
        }
        Assert.That(refused, Is.InRange(1_000, 19_999));
    }

    [TestCase("/nsmf-pdusession/v1/sm-contexts/urn:uuid:1/modify", "nsmf-pdusession")]
    [TestCase("/nudm-sdm/v2/imsi-2089300007487/am-data?plmn-id=20893", "nudm-sdm")]
    [TestCase("/prefix/of/nnrf-disc/v1/nf-instances", "nnrf-disc")]
    [TestCase("/imsi-2089300007487", "other")]
    [TestCase("/imsi-2089300007487/data", "other")]
    [TestCase("/Name/v1", "other")]
    [TestCase("/v1/x", "other")]
    [TestCase("", "other")]
    public void A_path_is_reduced_to_its_service(string path, string service) =>
        Assert.That(SbiService.Of(Encoding.ASCII.GetBytes(path)), Is.EqualTo(service));
}
