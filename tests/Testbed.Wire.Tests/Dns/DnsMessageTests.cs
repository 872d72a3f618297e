using Testbed.Wire.Dns;
using Testbed.Wire.Ip;

namespace Testbed.Wire.Tests.Dns;

public sealed class DnsMessageTests
{
    /// <summary>
    /// A query for edge.example.mec, type A, and its answer: an alias whose name and target are compressed, then an
    /// address under a pointer to the alias's target.
    /// </summary>
    private const string Query = "beef 0100 0001 0000 0000 0000 0465646765 076578616d706c65 036d6563 00 0001 0001";
    private const string Answer =
        "beef 8580 0001 0002 0000 0000 0465646765 076578616d706c65 036d6563 00 0001 0001"
        + "c00c 0005 0001 0000003c 0006 036d6331 c011"
        + "c02e 0001 0001 00000e10 0004 0a643f0a";

    private static DnsMessage Read(byte[] bytes)
    {
        Assert.That(DnsMessage.Read(bytes, out DnsMessage? message), Is.EqualTo(DecodeStatus.Ok));
        return message!;
    }

    [Test]
    public void A_query_reads_as_it_was_written()
    {
        DnsMessage query = new()
        {
            Id = 0xBEEF, RecursionDesired = true, Questions = [new("edge.example.mec", DnsType.A)],
        };
        byte[] bytes = new byte[512];
        bytes = bytes[..query.Write(bytes)];
        Assert.That(bytes, Is.EqualTo(Bytes.Hex(Query)));
        DnsMessage read = Read(bytes);
        Assert.That(read.Questions, Is.EqualTo(query.Questions));
        Assert.That((read.Id, read.IsResponse, read.RecursionDesired), Is.EqualTo((query.Id, false, true)));
    }

    [Test]
    public void Compressed_names_and_aliases_lead_to_the_address()
    {
        DnsMessage answer = Read(Bytes.Hex(Answer));
        Assert.That(answer.IsResponse && answer.IsAuthoritative && answer.RecursionAvailable);
        Assert.That(answer.ResponseCode, Is.EqualTo(DnsResponseCode.NoError));
        Assert.That(answer.Answers[0].Alias, Is.EqualTo("mc1.example.mec"));
        Assert.That(answer.Answers[1].TimeToLiveS, Is.EqualTo(3600));
        Assert.That(answer.AddressesOf("EDGE.example.mec"), Is.EqualTo(new[] { HostAddress.Parse("10.100.63.10") }));
        Assert.That(answer.AddressesOf("other.example.mec"), Is.Empty);
    }

    [Test]
    public void An_answer_reads_as_it_was_written()
    {
        DnsMessage answer = new()
        {
            Id = 7, IsResponse = true, ResponseCode = DnsResponseCode.NameError,
            Questions = [new("a.b", DnsType.Aaaa)],
            Answers =
            [
                new("a.b", DnsType.Cname, 5, default, "c.d"),
                new("c.d", DnsType.Aaaa, 6, HostAddress.Parse("2001:db8::1")),
            ],
        };
        byte[] bytes = new byte[512];
        DnsMessage read = Read(bytes[..answer.Write(bytes)]);
        Assert.That(read.Answers, Is.EqualTo(answer.Answers));
        Assert.That(read.ResponseCode, Is.EqualTo(DnsResponseCode.NameError));
        Assert.That(read.AddressesOf("a.b"), Is.EqualTo(new[] { HostAddress.Parse("2001:db8::1") }));
    }

    [TestCase(Query)]
    [TestCase(Answer)]
    public void No_prefix_of_a_message_decodes(string hex)
    {
        byte[] bytes = Bytes.Hex(hex);
        for (int length = 0; length < bytes.Length; length++)
            Assert.That(DnsMessage.Read(bytes.AsSpan(0, length), out _), Is.Not.EqualTo(DecodeStatus.Ok), $"{length}");
    }

    [TestCase("c00c", TestName = "A_name_that_points_at_itself_is_refused")]
    [TestCase("c00e c00c", TestName = "A_name_that_points_forward_is_refused")]
    [TestCase("0161 c00c", TestName = "Labels_that_lead_back_to_themselves_are_refused")]
    public void Circles(string name)
    {
        byte[] bytes = Bytes.Hex("0000 0000 0001 0000 0000 0000" + name + "0001 0001");
        Assert.That(DnsMessage.Read(bytes, out _), Is.EqualTo(DecodeStatus.BadField));
    }

    [Test]
    public void Aliases_in_a_circle_give_no_address()
    {
        DnsMessage answer = new()
        {
            Id = 1,
            Answers = [new("a.b", DnsType.Cname, 0, default, "c.d"), new("c.d", DnsType.Cname, 0, default, "a.b")],
        };
        Assert.That(answer.AddressesOf("a.b"), Is.Empty);
    }

    [Test]
    public void A_name_longer_than_255_bytes_is_refused()
    {
        string labels = string.Concat(Enumerable.Repeat("3f" + new string('6', 126), 4));
        byte[] bytes = Bytes.Hex("0000 0000 0001 0000 0000 0000" + labels + "00 0001 0001");
        Assert.That(DnsMessage.Read(bytes, out _), Is.EqualTo(DecodeStatus.BadLength));
        Assert.That(() => DnsName.Write(new byte[512], string.Join('.', Enumerable.Repeat(new string('a', 63), 4))),
            Throws.ArgumentException);
    }

    [Test]
    public void More_records_than_anyone_needs_are_refused_before_they_are_read()
    {
        byte[] bytes = Bytes.Hex(Answer);
        bytes[6] = 0xFF;
        Assert.That(DnsMessage.Read(bytes, out _), Is.EqualTo(DecodeStatus.Unsupported));
    }

    [TestCase("0005", "0001", DecodeStatus.BadLength)]
    [TestCase("0003", "0001", DecodeStatus.BadLength)]
    [TestCase("0004", "001c", DecodeStatus.BadLength)]
    public void An_address_of_the_wrong_length_is_refused(string length, string type, DecodeStatus expected)
    {
        byte[] bytes = Bytes.Hex(
            "0000 8000 0000 0001 0000 0000 0161 00" + type + "0001 00000000" + length + "0a643f0a0a");
        Assert.That(DnsMessage.Read(bytes, out _), Is.EqualTo(expected));
    }

    [Test]
    public void Bytes_that_are_no_letters_are_escaped_so_that_two_names_never_look_alike()
    {
        int at = 0;
        Assert.That(DnsName.Read(Bytes.Hex("03 61 2e 62 00"), ref at, out string name), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(name, Is.EqualTo("a\\046b"));
        Assert.That(at, Is.EqualTo(5));
    }

    [Test]
    public void Seeded_mutations_never_throw()
    {
        Random random = new(11);
        byte[] original = Bytes.Hex(Answer);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. original];
            for (int change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (DnsMessage.Read(bytes, out DnsMessage? message) is DecodeStatus.Ok)
                _ = message!.AddressesOf("edge.example.mec");
        }
    }
}
