namespace Testbed.Wire.Http2;

/// <summary>Fields that are looked at; every other one is only measured.</summary>
internal enum HpackKind : byte { Other = 0, Path = 1, Status = 2 }

/// <summary>What a name is, and its length in octets.</summary>
internal readonly record struct HpackName(HpackKind Kind, int Length)
{
    public static HpackName Of(string name) => new(
        name switch { ":path" => HpackKind.Path, ":status" => HpackKind.Status, _ => HpackKind.Other }, name.Length);

    public static HpackName Of(ReadOnlySpan<byte> name) => new(
        name.SequenceEqual(":path"u8) ? HpackKind.Path
            : name.SequenceEqual(":status"u8) ? HpackKind.Status : HpackKind.Other,
        name.Length);
}

/// <summary>One field, as far as it is kept: a path is reduced to its service, as it may name a subscriber.</summary>
internal readonly record struct HpackField(HpackKind Kind, string? Service, int Status);

/// <summary>What a header block tells.</summary>
/// <param name="Service">Of a request; null where there is no path.</param>
/// <param name="Status">Of a response; 0 where there is none.</param>
public readonly record struct Http2Headers(string? Service, int Status);
