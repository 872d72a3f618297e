using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Testbed.Probes.Exposure.Interfaces;

/// <param name="Fault">What is wrong, a word for the record.</param>
/// <param name="MayBeCutOff">A server may refuse it before it has read it all.</param>
internal sealed record BadBody(string Fault, byte[] Bytes, string? MediaType, bool MayBeCutOff = false);

/// <summary>
/// Bodies that no server may accept, made from a good one. All follow from the key: the same run, the same bodies.
/// </summary>
internal sealed class BadBodies(byte[] key, JsonObject good)
{
    private const string Json = "application/json";
    private const int OversizedBytes = 2 << 20;
    private const int DepthOfNesting = 5_000;

    private static readonly Func<BadBodies, int, BadBody>[] Kinds =
    [
        (all, at) => new("truncated", all.Good[..all.Draw(at, 1, all.Good.Length - 1)], Json),
        (_, _) => new("empty", [], Json),
        (all, at) => new("noise", all.Noise(at, all.Draw(at, 8, 400)), Json),
        (all, at) => new("not-an-object", Text(all.Draw(at, 0, 3) switch
        {
            0 => "[]", 1 => "\"text\"", 2 => "17", _ => "null",
        }), Json),
        (all, at) => all.WithMember("missing-member", at, (body, name) => body.Remove(name)),
        (all, at) => all.WithMember("wrong-type", at, (body, name) => body[name] = body[name] is JsonArray
            ? all.Draw(at, 0, 99) : new JsonArray(new JsonArray(true))),
        (all, at) => all.WithMember("null-member", at, (body, name) => body[name] = null),
        (all, at) => all.WithMember("wrong-object", at, (body, name) => body[name] =
            new JsonObject { [Convert.ToHexStringLower(all.Noise(at, 4))] = all.Draw(at, 0, 99) }),
        (all, _) => new("oversized", Text($"{{\"x\":\"{new string('a', OversizedBytes)}\"}}"), Json, MayBeCutOff: true),
        (_, _) => new("too-deep", Text(new string('[', DepthOfNesting) + new string(']', DepthOfNesting)), Json),
        (all, at) => new("bad-utf8", [.. "{\"a\":\""u8, 0xC3, 0x28, (byte)all.Draw(at, 0x80, 0xFF), .. "\"}"u8], Json),
        (all, at) => new("lone-surrogate", all.Replaced("\"\\ud800\"", at), Json),
        (all, at) => new("huge-number", all.Replaced("1" + new string('0', all.Draw(at, 400, 4_000)), at), Json),
        (all, at) => new("wrong-media-type", all.Good, all.Draw(at, 0, 2) switch
        {
            0 => "text/plain", 1 => "application/xml", _ => "application/x-www-form-urlencoded",
        }),
        (all, _) => new("no-media-type", all.Good, null),
    ];

    private byte[] Good { get; } = Text(good.ToJsonString());

    private IReadOnlyList<string> Required { get; } = [.. good.Select(member => member.Key)];

    public IEnumerable<BadBody> Take(int count) =>
        Enumerable.Range(0, count).Select(at => Kinds[at % Kinds.Length](this, at));

    private BadBody WithMember(string fault, int at, Action<JsonObject, string> change)
    {
        string name = Required[Draw(at, 0, Required.Count - 1)];
        JsonObject body = good.DeepClone().AsObject();
        change(body, name);
        return new($"{fault}:{name}", Text(body.ToJsonString()), Json);
    }

    private byte[] Replaced(string raw, int at)
    {
        string name = Required[Draw(at, 0, Required.Count - 1)];
        return Text(string.Concat(
            "{", string.Join(',', good.Select(member =>
                $"\"{member.Key}\":{(member.Key == name ? raw : member.Value!.ToJsonString())}")), "}"));
    }

    private byte[] Noise(int at, int length)
    {
        byte[] noise = new byte[length];
        for (int done = 0; done < length;)
        {
            byte[] block = HMACSHA256.HashData(key, Text(string.Create(CultureInfo.InvariantCulture, $"{at}/{done}")));
            int part = Math.Min(block.Length, length - done);
            block.AsSpan(0, part).CopyTo(noise.AsSpan(done));
            done += part;
        }
        // The first byte begins no JSON.
        noise[0] = (byte)'#';
        return noise;
    }

    /// <summary>From <paramref name="min"/> to <paramref name="max"/>, both included.</summary>
    private int Draw(int at, int min, int max)
    {
        byte[] digest = HMACSHA256.HashData(key, Text(string.Create(CultureInfo.InvariantCulture, $"draw/{at}")));
        return min + (int)(BinaryPrimitives.ReadUInt32BigEndian(digest) % (uint)(max - min + 1));
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
