using Testbed.Wire.Aper;

namespace Testbed.Wire.Ngap;

/// <summary>What all of NGAP's types have in common (TS 38.413 §9.4.8, container definitions).</summary>
internal static class NgapSyntax
{
    private const int ElementsMax = 65_535;

    /// <summary>Number of elements that follow; each is to be read with <see cref="Next"/>.</summary>
    public static int Elements(ref AperReader reader) => reader.Count(0, ElementsMax);

    /// <summary>One element: its number, and a reader of its value. False when the container is damaged.</summary>
    public static bool Next(ref AperReader reader, out int type, out AperReader value)
    {
        type = (int)reader.Constrained(0, ElementsMax);
        SkipCriticality(ref reader);
        value = new(reader.Open());
        return reader.IsOk;
    }

    public static void SkipCriticality(ref AperReader reader) => reader.Constrained(0, 2);

    /// <summary>
    /// Steps over what ends most sequences: the last optional component, a container of extensions, and additions.
    /// </summary>
    public static void End(ref AperReader reader, in AperSequence sequence)
    {
        if (sequence.OptionalCount > 0 && sequence.Has(sequence.OptionalCount - 1))
            for (int left = reader.Count(1, ElementsMax); left > 0 && Next(ref reader, out _, out _);) left--;
        if (sequence.IsExtended) reader.SkipAdditions();
    }

    public static Plmn Plmn(ref AperReader reader)
    {
        DecodeStatus status = Ngap.Plmn.Read(reader.Octets(Ngap.Plmn.Length), out Plmn plmn);
        if (status is not DecodeStatus.Ok) reader.Fail(status);
        return plmn;
    }

    /// <summary>A bit string as a number; for strings of at most 32 bits.</summary>
    public static uint BitNumber(ReadOnlySpan<byte> octets, int bits)
    {
        ulong value = 0;
        foreach (byte octet in octets) value = value << 8 | octet;
        return (uint)(value >> (octets.Length * 8 - bits));
    }
}
