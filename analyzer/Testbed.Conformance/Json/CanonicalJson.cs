using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Testbed.Conformance.Json;

/// <summary>
/// Canonical JSON: RFC 8785, restricted to integers below 2⁵³ and strings (decimals are strings), texts in form C,
/// no duplicate keys. One value has exactly one spelling, so its digest may be signed.
/// </summary>
public static class CanonicalJson
{
    /// <summary>Deeper than anything written here, shallow enough for every stack.</summary>
    public const int DepthMax = 64;

    public static byte[] Write(JsonValue value)
    {
        ArrayBufferWriter<byte> output = new(1024);
        Write(value, output, 0);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads one value; refuses all bytes that <see cref="Write(JsonValue)"/> does not make.</summary>
    /// <exception cref="CanonicalJsonException">Says what is wrong and at which byte.</exception>
    public static JsonValue Parse(ReadOnlySpan<byte> utf8) => new CanonicalJsonParser(utf8).ParseWhole();

    /// <summary>As <see cref="Parse"/>, for the usual case of an object.</summary>
    public static JsonObject ParseObject(ReadOnlySpan<byte> utf8) =>
        Parse(utf8) as JsonObject ?? throw new CanonicalJsonException("the outermost value is not an object");

    /// <summary>SHA-256 of the canonical bytes, lower-case hex.</summary>
    public static string DigestHex(JsonValue value) => Convert.ToHexStringLower(SHA256.HashData(Write(value)));

    private static void Write(JsonValue value, ArrayBufferWriter<byte> output, int depth)
    {
        if (depth > DepthMax) throw new CanonicalJsonException($"nested deeper than {DepthMax}");
        switch (value)
        {
            case JsonNull: output.Write("null"u8); break;
            case JsonBool flag: output.Write(flag.Value ? "true"u8 : "false"u8); break;
            case JsonInteger integer: WriteAscii(integer.Value.ToString(CultureInfo.InvariantCulture), output); break;
            case JsonString text: WriteText(text.Value, output); break;
            case JsonArray array: WriteArray(array, output, depth); break;
            case JsonObject members: WriteObject(members, output, depth); break;
        }
    }

    private static void WriteArray(JsonArray array, ArrayBufferWriter<byte> output, int depth)
    {
        output.Write("["u8);
        for (int i = 0; i < array.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            Write(array[i], output, depth + 1);
        }
        output.Write("]"u8);
    }

    private static void WriteObject(JsonObject members, ArrayBufferWriter<byte> output, int depth)
    {
        output.Write("{"u8);
        bool first = true;
        foreach ((string key, JsonValue value) in members)
        {
            if (!first) output.Write(","u8);
            first = false;
            WriteText(key, output);
            output.Write(":"u8);
            Write(value, output, depth + 1);
        }
        output.Write("}"u8);
    }

    // RFC 8785 §3.2.2.2: only quote, backslash and controls are escaped, with the shortest escape there is.
    private static void WriteText(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        int plainFrom = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (Escape(text[i]) is not { } escape) continue;
            Encoding.UTF8.GetBytes(text.AsSpan(plainFrom, i - plainFrom), output);
            WriteAscii(escape, output);
            plainFrom = i + 1;
        }
        Encoding.UTF8.GetBytes(text.AsSpan(plainFrom), output);
        output.Write("\""u8);
    }

    private static void WriteAscii(string text, ArrayBufferWriter<byte> output) =>
        Encoding.ASCII.GetBytes(text, output);

    private static string? Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        < ' ' => $"\\u{(int)c:x4}",
        _ => null,
    };
}
