using System.Globalization;
using System.Text;
using Testbed.Conformance.Json;

namespace Testbed.Conformance.Tests.Json;

public class CanonicalJsonTests
{
    private static string Write(JsonValue value) => Encoding.UTF8.GetString(CanonicalJson.Write(value));
    private static JsonValue Parse(string text) => CanonicalJson.Parse(Encoding.UTF8.GetBytes(text));

    [Test]
    public void Keys_stand_in_the_order_of_their_utf16_code_units()
    {
        // RFC 8785 §3.2.3: U+1F600 is a surrogate pair from D83D, hence before U+FB33, unlike in UTF-8.
        // U+FB33 itself is not in form C, so U+FB01 stands in its place here.
        JsonObject value = new()
        {
            { "€", 1L }, { "\r", 2L }, { "\ufb01", 3L }, { "1", 4L }, { "😀", 5L }, { "\u0080", 6L }, { "ö", 7L },
        };
        Assert.That(Write(value),
            Is.EqualTo("{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb01\":3}"));
    }

    [Test]
    public void Only_quote_backslash_and_controls_are_escaped()
    {
        // RFC 8785 §3.2.2.2, with DEL, solidus and the line separators left alone.
        JsonString text = new("€$\u000f\nA'\u0042\u0022\\\\\"/\b\t\f\r\u0000\u001f\u007f\u2028<>&");
        Assert.That(Write(text),
            Is.EqualTo("\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\t\\f\\r\\u0000\\u001f\u007f\u2028<>&\""));
    }

    [Test]
    public void What_is_written_parses_to_the_same_bytes()
    {
        Random random = new(7);
        for (int round = 0; round < 500; round++)
        {
            byte[] bytes = CanonicalJson.Write(RandomValue(random, 0));
            Assert.That(CanonicalJson.Write(CanonicalJson.Parse(bytes)), Is.EqualTo(bytes));
        }
    }

    [Test]
    public void Bytes_that_parse_are_the_only_spelling_of_their_value()
    {
        Random random = new(11);
        int parsed = 0;
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = CanonicalJson.Write(RandomValue(random, 0));
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            JsonValue value;
            try { value = CanonicalJson.Parse(bytes); }
            catch (CanonicalJsonException) { continue; }
            parsed++;
            Assert.That(CanonicalJson.Write(value), Is.EqualTo(bytes));
        }
        Assert.That(parsed, Is.GreaterThan(50));
    }

    [TestCase("{\"a\":1,\"a\":1}", "stands twice")]
    [TestCase("{\"b\":1,\"a\":1}", "must stand before")]
    [TestCase("{\"a\": 1}", "white space")]
    [TestCase("[1,]", "a value is expected")]
    [TestCase("[1 ]", "']' is expected")]
    [TestCase("01", "second spelling")]
    [TestCase("-0", "second spelling")]
    [TestCase("1.5", "decimal strings")]
    [TestCase("1e3", "decimal strings")]
    [TestCase("9007199254740992", "must be a string")]
    [TestCase("99999999999999999999999999", "must be a string")]
    [TestCase("\"\\/\"", "not canonical")]
    [TestCase("\"\\u000a\"", "not canonical")]
    [TestCase("\"\\u001F\"", "not canonical")]
    [TestCase("\"\\u0041\"", "not canonical")]
    [TestCase("\"\n\"", "must be escaped")]
    [TestCase("\"e\u0301\"", "form C")]
    [TestCase("\"open", "ends too early")]
    [TestCase("nul", "a value is expected")]
    [TestCase("", "ends too early")]
    [TestCase("1 ", "bytes follow")]
    [TestCase("\ufeff1", "a value is expected")]
    public void A_second_spelling_is_refused(string text, string reason) =>
        Assert.That(() => Parse(text), Throws.TypeOf<CanonicalJsonException>().With.Message.Contains(reason));

    [Test]
    public void Broken_utf8_is_refused()
    {
        foreach (byte[] bad in new byte[][] { [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF], [0xE4, 0xB8] })
            Assert.That(() => CanonicalJson.Parse([(byte)'"', .. bad, (byte)'"']),
                Throws.TypeOf<CanonicalJsonException>());
    }

    [Test]
    public void Depth_is_bounded_for_reader_and_writer()
    {
        string deep = new string('[', 100_000) + new string(']', 100_000);
        Assert.That(() => Parse(deep), Throws.TypeOf<CanonicalJsonException>().With.Message.Contains("deeper"));
        JsonValue value = new JsonArray();
        for (int i = 0; i < 100; i++) value = new JsonArray([value]);
        Assert.That(() => Write(value), Throws.TypeOf<CanonicalJsonException>());
    }

    [Test]
    public void The_largest_integers_survive_and_larger_ones_cannot_be_made()
    {
        Assert.That(Write(Parse("[9007199254740991,-9007199254740991]")),
            Is.EqualTo("[9007199254740991,-9007199254740991]"));
        Assert.That(() => new JsonInteger(JsonInteger.Max + 1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new JsonInteger(long.MinValue), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Bytes_do_not_depend_on_the_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NumberDecimalSeparator = ",";
        odd.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = odd;
            Assert.That(Write(new JsonArray { -12L, -1.50m }), Is.EqualTo("[-12,\"-1.5\"]"));
        }
        finally { CultureInfo.CurrentCulture = before; }
    }

    [TestCase("0.00000010", "0.0000001")]
    [TestCase("-0.0", "0")]
    [TestCase("100", "100")]
    [TestCase("100.00", "100")]
    [TestCase("79228162514264337593543950335", "79228162514264337593543950335")]
    [TestCase("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    public void A_decimal_has_one_spelling(string input, string expected)
    {
        decimal value = decimal.Parse(input, CultureInfo.InvariantCulture);
        Assert.That(DecimalText.Format(value), Is.EqualTo(expected));
        Assert.That(DecimalText.TryParse(expected, out decimal back) && back == value);
    }

    [TestCase("1.0"), TestCase("+1"), TestCase("01"), TestCase(".5"), TestCase("1e3"), TestCase(" 1"), TestCase("-0")]
    [TestCase("1,000"), TestCase(""), TestCase("0.00000000000000000000000000001")]
    public void Another_spelling_is_not_a_decimal(string text) =>
        Assert.That(DecimalText.TryParse(text, out _), Is.False);

    private static JsonValue RandomValue(Random random, int depth) => random.Next(depth > 4 ? 5 : 7) switch
    {
        0 => JsonValue.Null,
        1 => random.Next(2) == 0,
        2 => random.NextInt64(-JsonInteger.Max, JsonInteger.Max),
        3 => random.Next(1_000_000) / 1000m,
        4 => RandomText(random),
        5 => new JsonArray(Enumerable.Range(0, random.Next(4)).Select(_ => RandomValue(random, depth + 1))),
        _ => RandomObject(random, depth),
    };

    private static JsonObject RandomObject(Random random, int depth)
    {
        JsonObject value = new();
        for (int i = random.Next(5); i > 0; i--)
        {
            string key = RandomText(random);
            if (!value.TryGet(UnicodeNfc.Normalize(key), out _)) value.Add(key, RandomValue(random, depth + 1));
        }
        return value;
    }

    private static string RandomText(Random random)
    {
        StringBuilder text = new();
        for (int i = random.Next(6); i > 0; i--)
        {
            int limit = random.Next(4) switch { 0 => 0x20, 1 => 0x80, 2 => 0x3000, _ => 0x10FFFF };
            int point = random.Next(limit);
            if (Rune.IsValid(point)) text.Append(new Rune(point));
        }
        return text.ToString();
    }
}
