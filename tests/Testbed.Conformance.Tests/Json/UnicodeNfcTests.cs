using Testbed.Conformance.Json;

namespace Testbed.Conformance.Tests.Json;

public class UnicodeNfcTests
{
    // From NormalizationTest.txt of the Unicode Character Database: source, form C.
    [TestCase("e\u0301", "\u00E9")]
    [TestCase("\u1E0A\u0323", "\u1E0C\u0307")]
    [TestCase("D\u0307\u0323", "\u1E0C\u0307")]
    [TestCase("\u0344", "\u0308\u0301")]
    [TestCase("\u2126\u212B", "\u03A9\u00C5")]
    [TestCase("\u0958", "\u0915\u093C")]
    [TestCase("\uF900", "\u8C48")]
    [TestCase("\u1112\u1161\u11AB", "\uD55C")]
    [TestCase("\uD558\u11AB", "\uD55C")]
    [TestCase("\u0061\u0315\u0300\u05AE\u0300\u0062", "\u00E0\u05AE\u0300\u0315\u0062")]
    [TestCase("\u0061\u0328\u0301", "\u0105\u0301")]
    [TestCase("\uFB33", "\u05D3\u05BC")]
    [TestCase("\u2000", "\u2002")]
    [TestCase("\uD834\uDD5E", "\uD834\uDD57\uD834\uDD65")]
    [TestCase("\u0301a", "\u0301a")]
    [TestCase("中文 English，±τ≤", "中文 English，±τ≤")]
    public void Text_takes_form_C(string source, string expected)
    {
        Assert.That(UnicodeNfc.Normalize(source), Is.EqualTo(expected));
        Assert.That(UnicodeNfc.IsNormalized(source), Is.EqualTo(source == expected));
        Assert.That(UnicodeNfc.IsNormalized(expected));
    }

    // Not as test cases: an attribute's string is stored as UTF-8 and cannot hold half a character.
    [Test]
    public void A_lone_surrogate_becomes_the_replacement_character()
    {
        Assert.That(UnicodeNfc.Normalize("a" + (char)0xD800 + "b"), Is.EqualTo("a\uFFFDb"));
        Assert.That(UnicodeNfc.Normalize("" + (char)0xDC00), Is.EqualTo("\uFFFD"));
        Assert.That(UnicodeNfc.IsNormalized("a" + (char)0xDBFF), Is.False);
    }

    [Test]
    public void Form_C_is_stable_for_every_character()
    {
        for (int point = 0; point < 0x110000; point++)
        {
            if (point is >= 0xD800 and <= 0xDFFF) continue;
            string once = UnicodeNfc.Normalize(char.ConvertFromUtf32(point));
            Assert.That(UnicodeNfc.Normalize(once), Is.EqualTo(once));
        }
    }
}
