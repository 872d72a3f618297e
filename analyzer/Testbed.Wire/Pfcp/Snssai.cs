namespace Testbed.Wire.Pfcp;

/// <summary>
/// A single network slice selection assistance information (TS 23.003 §28.4.2; TS 29.244 §8.2.176): a slice's name.
/// </summary>
/// <param name="SliceType">SST, 8 bits.</param>
/// <param name="Differentiator">SD, 24 bits; null when there is none, 0xFFFFFF on the wire.</param>
public readonly record struct Snssai(byte SliceType, int? Differentiator)
{
    private const int NoDifferentiator = 0xFF_FFFF;

    public static DecodeStatus Read(ReadOnlySpan<byte> value, out Snssai snssai)
    {
        snssai = default;
        if (value.Length < 4) return DecodeStatus.BadLength;
        int differentiator = (value[1] << 16) | (value[2] << 8) | value[3];
        snssai = new(value[0], differentiator == NoDifferentiator ? null : differentiator);
        return DecodeStatus.Ok;
    }

    public void Write(ref PfcpWriter writer)
    {
        int begin = writer.Begin(PfcpElementType.Snssai);
        writer.Put((uint)((SliceType << 24) | (Differentiator ?? NoDifferentiator)));
        writer.End(begin);
    }

    /// <summary>As people write it: "1-000001", or "1" without a differentiator.</summary>
    public override string ToString() =>
        Differentiator is { } differentiator ? $"{SliceType}-{differentiator:X6}" : $"{SliceType}";
}
