using System.Text.Json.Nodes;
using Testbed.Probes.Exposure.Interfaces;
using Testbed.Probes.Exposure.Loops;

namespace Testbed.Probes.Tests.Exposure;

public sealed class BadBodiesTests
{
    private static readonly JsonObject Good = new() { ["a"] = "text", ["b"] = 7, ["c"] = new JsonArray(1) };

    [Test]
    public void The_same_key_gives_the_same_bodies_and_another_key_gives_others()
    {
        byte[][] one = Take(1), again = Take(1), other = Take(2);
        Assert.That(again, Is.EqualTo(one));
        Assert.That(other, Is.Not.EqualTo(one));
    }

    [Test]
    public void No_body_is_the_good_one_under_the_right_media_type()
    {
        string good = Good.ToJsonString();
        Assert.That(new BadBodies(new byte[32], Good).Take(300)
            .Where(body => body.MediaType == "application/json" && JsonNode(body.Bytes) == good), Is.Empty);
    }

    [Test]
    public void One_cycle_of_a_short_plan_waits_beyond_the_limit_and_all_of_a_long_one()
    {
        CycleTimes quick = new(new byte[32], "x", 5, isThorough: false);
        CycleTimes full = new(new byte[32], "x", 20, isThorough: true);
        TimeSpan limit = TimeSpan.FromSeconds(5);
        Assert.That(Enumerable.Range(0, 5).Count(cycle => quick.Hold(cycle) > limit), Is.EqualTo(1));
        Assert.That(Enumerable.Range(0, 5).Count(cycle => quick.After(cycle) > limit), Is.EqualTo(1));
        Assert.That(Enumerable.Range(0, 20).Select(full.Hold), Is.All.GreaterThan(limit));
    }

    private static byte[][] Take(byte key) =>
        [.. new BadBodies([.. Enumerable.Repeat(key, 32)], Good).Take(60).Select(body => body.Bytes)];

    private static string? JsonNode(byte[] bytes)
    {
        try
        {
            return System.Text.Json.Nodes.JsonNode.Parse(bytes)?.ToJsonString();
        }
        catch (Exception wrong) when (wrong is System.Text.Json.JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
