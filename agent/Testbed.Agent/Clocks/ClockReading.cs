using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Testbed.Agent.Clocks;

/// <summary>What is known of this machine's wall clock.</summary>
/// <param name="Source">Who disciplines it: <c>chrony</c> or <c>none</c> when nobody is known to.</param>
/// <param name="BoundNs">Most that it is off from true time; null when that is not known.</param>
/// <param name="BootId">Agents with the same value read one and the same clock.</param>
/// <param name="ClockSource">The kernel's clock source, e.g. <c>tsc</c>; empty when not told.</param>
internal sealed record ClockReading(string Source, long? BoundNs, string BootId, string ClockSource)
{
    /// <summary>One JSON object: <c>{bootId, boundNs, clockSource, source}</c>, keys in order.</summary>
    public string ToJson()
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("bootId"u8, BootId);
            if (BoundNs is { } boundNs) json.WriteNumber("boundNs"u8, boundNs);
            else json.WriteNull("boundNs"u8);
            json.WriteString("clockSource"u8, ClockSource);
            json.WriteString("source"u8, Source);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
