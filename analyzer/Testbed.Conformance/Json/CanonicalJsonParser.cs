using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Testbed.Conformance.Json;

/// <summary>Reads canonical JSON only: whatever has a second spelling is refused where it stands.</summary>
internal ref struct CanonicalJsonParser(ReadOnlySpan<byte> utf8)
{
    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private int _at;

    public JsonValue ParseWhole()
    {
        JsonValue value = ParseValue(0);
        return _at == _utf8.Length ? value : throw Wrong("bytes follow the value");
    }

    private JsonValue ParseValue(int depth)
    {
        if (depth > CanonicalJson.DepthMax) throw Wrong($"nested deeper than {CanonicalJson.DepthMax}");
        switch (Peek())
        {
            case (byte)'{': return ParseObject(depth);
            case (byte)'[': return ParseArray(depth);
            case (byte)'"': return new JsonString(ParseText());
            case (byte)'t': return ParseLiteral("true"u8, true);
            case (byte)'f': return ParseLiteral("false"u8, false);
            case (byte)'n': return ParseLiteral("null"u8, JsonValue.Null);
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'): return ParseInteger();
            default: throw Wrong("a value is expected; canonical JSON has no white space");
        }
    }

    private JsonObject ParseObject(int depth)
    {
        JsonObject members = new();
        _at++;
        if (TryTake('}')) return members;
        string? last = null;
        do
        {
            string key = ParseText();
            int order = last is null ? -1 : string.CompareOrdinal(last, key);
            if (order == 0) throw Wrong($"the key \"{key}\" stands twice");
            if (order > 0) throw Wrong($"the key \"{key}\" must stand before \"{last}\"");
            last = key;
            Take(':');
            members.Add(key, ParseValue(depth + 1));
        }
        while (TryTake(','));
        Take('}');
        return members;
    }

    private JsonArray ParseArray(int depth)
    {
        JsonArray items = new();
        _at++;
        if (TryTake(']')) return items;
        do items.Add(ParseValue(depth + 1));
        while (TryTake(','));
        Take(']');
        return items;
    }

    private JsonValue ParseLiteral(ReadOnlySpan<byte> literal, JsonValue value)
    {
        if (!_utf8[_at..].StartsWith(literal)) throw Wrong("a value is expected");
        _at += literal.Length;
        return value;
    }

    private JsonInteger ParseInteger()
    {
        bool negative = TryTake('-');
        int from = _at;
        long value = 0;
        for (; _at < _utf8.Length && char.IsAsciiDigit((char)_utf8[_at]); _at++)
        {
            value = value * 10 + (_utf8[_at] - '0');
            if (value > JsonInteger.Max) throw Wrong("an integer of 2^53 or more must be a string");
        }
        if (_at == from) throw Wrong("a digit is expected");
        if (_utf8[from] == '0' && (_at - from > 1 || negative)) throw Wrong("the integer has a second spelling");
        if (_at < _utf8.Length && _utf8[_at] is (byte)'.' or (byte)'e' or (byte)'E')
            throw Wrong("fractions and exponents must be decimal strings");
        return new JsonInteger(negative ? -value : value);
    }

    private string ParseText()
    {
        Take('"');
        int from = _at;
        StringBuilder? unescaped = null;
        while (Peek() != '"')
        {
            if (_utf8[_at] < ' ') throw Wrong("a control character must be escaped");
            if (_utf8[_at] != '\\') { _at++; continue; }
            unescaped ??= new StringBuilder();
            unescaped.Append(Decode(_utf8[from.._at])).Append(ParseEscape());
            from = _at;
        }
        string tail = Decode(_utf8[from.._at]);
        string text = unescaped is null ? tail : unescaped.Append(tail).ToString();
        if (!UnicodeNfc.IsNormalized(text)) throw Wrong("the string is not in normalization form C");
        _at++;
        return text;
    }

    private char ParseEscape()
    {
        _at++;
        byte letter = Peek();
        _at++;
        switch (letter)
        {
            case (byte)'"' or (byte)'\\': return (char)letter;
            case (byte)'b': return '\b';
            case (byte)'t': return '\t';
            case (byte)'n': return '\n';
            case (byte)'f': return '\f';
            case (byte)'r': return '\r';
            case (byte)'u' when _at + 4 <= _utf8.Length: return ParseHexEscape();
            default: throw Wrong("the escape is not canonical");
        }
    }

    private char ParseHexEscape()
    {
        ReadOnlySpan<byte> hex = _utf8.Slice(_at, 4);
        int low = "0123456789abcdef"u8.IndexOf(hex[3]);
        // Only controls are escaped so, and those with a letter of their own are not.
        bool canonical = BinaryPrimitives.ReadUInt16BigEndian(hex) == 0x3030
            && hex[2] is (byte)'0' or (byte)'1' && low >= 0;
        char c = (char)((hex[2] - '0') * 16 + low);
        if (!canonical || c is '\b' or '\t' or '\n' or '\f' or '\r') throw Wrong("the escape is not canonical");
        _at += 4;
        return c;
    }

    private readonly string Decode(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Wrong("the string is not UTF-8");

    private readonly byte Peek() => _at < _utf8.Length ? _utf8[_at] : throw Wrong("the text ends too early");

    private bool TryTake(char wanted)
    {
        if (_at >= _utf8.Length || _utf8[_at] != wanted) return false;
        _at++;
        return true;
    }

    private void Take(char wanted)
    {
        if (!TryTake(wanted)) throw Wrong($"'{wanted}' is expected");
    }

    private readonly CanonicalJsonException Wrong(string what) => new($"byte {_at}: {what}");
}
