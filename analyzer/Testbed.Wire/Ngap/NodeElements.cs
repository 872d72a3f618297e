using Testbed.Wire.Aper;
using Testbed.Wire.Pfcp;

namespace Testbed.Wire.Ngap;

/// <summary>Elements of NG Setup: nodes, areas and slices (TS 38.413 §9.2.6.1 and §9.2.6.2).</summary>
internal static class NodeElements
{
    private const int AreasMax = 256, BroadcastPlmnsMax = 12, SlicesMax = 1024, GuamisMax = 256, PlmnsMax = 12;

    public static GlobalRanNodeId? RanNode(ref AperReader reader)
    {
        int kind = (int)reader.Constrained(0, 3);
        // Kinds that came later stand in the extension of the choice and are stepped over with it.
        if (kind > (int)RanNodeKind.N3Iwf) return null;
        AperSequence sequence = reader.Begin(1);
        Plmn plmn = NgapSyntax.Plmn(ref reader);
        GlobalRanNodeId? node = (RanNodeKind)kind switch
        {
            RanNodeKind.Gnb => GnbId(ref reader, plmn),
            RanNodeKind.NgEnb => NgEnbId(ref reader, plmn),
            _ => N3IwfId(ref reader, plmn),
        };
        if (node is not null) NgapSyntax.End(ref reader, sequence);
        return node;
    }

    public static void Areas(ref AperReader reader, List<SupportedArea> into)
    {
        for (int left = reader.Count(1, AreasMax); left > 0 && reader.IsOk; left--)
        {
            AperSequence area = reader.Begin(1);
            int code = (int)NgapSyntax.BitNumber(reader.Octets(3), 24);
            for (int plmns = reader.Count(1, BroadcastPlmnsMax); plmns > 0 && reader.IsOk; plmns--)
            {
                AperSequence broadcast = reader.Begin(1);
                Plmn plmn = NgapSyntax.Plmn(ref reader);
                List<Snssai> slices = [];
                SupportList(ref reader, slices);
                NgapSyntax.End(ref reader, broadcast);
                if (reader.IsOk) into.Add(new(code, plmn, slices));
            }
            NgapSyntax.End(ref reader, area);
        }
    }

    public static void Guamis(ref AperReader reader, List<Guami> into)
    {
        for (int left = reader.Count(1, GuamisMax); left > 0 && reader.IsOk; left--)
        {
            AperSequence item = reader.Begin(2);
            AperSequence guami = reader.Begin(1);
            Guami read = new(
                NgapSyntax.Plmn(ref reader), (int)reader.Bits(8), (int)reader.Bits(10), (int)reader.Bits(6));
            NgapSyntax.End(ref reader, guami);
            if (item.Has(0)) reader.Characters(1, 150, isExtensible: true);
            NgapSyntax.End(ref reader, item);
            if (reader.IsOk) into.Add(read);
        }
    }

    public static void Plmns(ref AperReader reader, List<PlmnSupport> into)
    {
        for (int left = reader.Count(1, PlmnsMax); left > 0 && reader.IsOk; left--)
        {
            AperSequence item = reader.Begin(1);
            Plmn plmn = NgapSyntax.Plmn(ref reader);
            List<Snssai> slices = [];
            SupportList(ref reader, slices);
            NgapSyntax.End(ref reader, item);
            if (reader.IsOk) into.Add(new(plmn, slices));
        }
    }

    /// <summary>A list of sequences that begin with an S-NSSAI: allowed, supported, configured.</summary>
    public static void Slices(ref AperReader reader, List<Snssai> into, int countMax)
    {
        for (int left = reader.Count(1, countMax); left > 0 && reader.IsOk; left--)
        {
            AperSequence item = reader.Begin(1);
            Snssai slice = Slice(ref reader);
            NgapSyntax.End(ref reader, item);
            if (reader.IsOk) into.Add(slice);
        }
    }

    /// <summary>TS 38.413 §9.3.1.24. An SD of all ones means that there is none (TS 23.003 §28.4.2).</summary>
    public static Snssai Slice(ref AperReader reader)
    {
        AperSequence sequence = reader.Begin(2);
        byte type = reader.Octet();
        int? differentiator = sequence.Has(0) ? (int)NgapSyntax.BitNumber(reader.Octets(3), 24) : null;
        NgapSyntax.End(ref reader, sequence);
        return new(type, differentiator == 0xFF_FFFF ? null : differentiator);
    }

    private static void SupportList(ref AperReader reader, List<Snssai> into) => Slices(ref reader, into, SlicesMax);

    private static GlobalRanNodeId? GnbId(ref AperReader reader, Plmn plmn)
    {
        if (reader.Constrained(0, 1) != 0) return null;
        ReadOnlySpan<byte> octets = reader.BitString(22, 32, isExtensible: false, out int bits);
        return new(plmn, RanNodeKind.Gnb, NgapSyntax.BitNumber(octets, bits), bits);
    }

    // Macro, short macro and long macro identities differ in their length alone.
    private static GlobalRanNodeId? NgEnbId(ref AperReader reader, Plmn plmn)
    {
        int bits = (int)reader.Constrained(0, 3) switch { 0 => 20, 1 => 18, 2 => 21, _ => 0 };
        return bits == 0 ? null : FixedId(ref reader, plmn, RanNodeKind.NgEnb, bits);
    }

    private static GlobalRanNodeId? N3IwfId(ref AperReader reader, Plmn plmn) =>
        reader.Constrained(0, 1) != 0 ? null : FixedId(ref reader, plmn, RanNodeKind.N3Iwf, 16);

    // A bit string of fixed size is aligned when it has more than 16 bits (X.691 §16.10).
    private static GlobalRanNodeId? FixedId(ref AperReader reader, Plmn plmn, RanNodeKind kind, int bits)
    {
        if (bits > 16) reader.Align();
        return new GlobalRanNodeId(plmn, kind, reader.Bits(bits), bits);
    }
}
