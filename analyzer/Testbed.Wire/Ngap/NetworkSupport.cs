using Testbed.Wire.Pfcp;

namespace Testbed.Wire.Ngap;

/// <summary>A tracking area that a radio node serves, for one PLMN (TS 38.413 §9.2.6.1, Supported TA List).</summary>
/// <param name="TrackingAreaCode">24 bits.</param>
public sealed record SupportedArea(int TrackingAreaCode, Plmn Plmn, IReadOnlyList<Snssai> Slices);

/// <summary>What an AMF supports in one PLMN (TS 38.413 §9.2.6.2, PLMN Support List).</summary>
public sealed record PlmnSupport(Plmn Plmn, IReadOnlyList<Snssai> Slices);

/// <summary>An AMF's name in numbers (TS 23.003 §2.10.1): region 8 bits, set 10 bits, pointer 6 bits.</summary>
public readonly record struct Guami(Plmn Plmn, int Region, int Set, int Pointer)
{
    public override string ToString() => $"{Plmn}-{Region}-{Set}-{Pointer}";
}
