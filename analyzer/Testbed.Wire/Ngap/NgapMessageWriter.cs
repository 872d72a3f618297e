using System.Text;
using Testbed.Wire.Aper;
using Testbed.Wire.Pfcp;

namespace Testbed.Wire.Ngap;

/// <summary>Encodes a <see cref="NgapMessage"/>: envelope and elements of nodes.</summary>
internal static class NgapMessageWriter
{
    private enum Criticality { Reject = 0, Ignore = 1 }

    public static byte[] Write(NgapMessage message)
    {
        ElementList elements = new();
        if (message.AmfName is { } amf) elements.Add(NgapElementType.AmfName, to => Name(to, amf));
        if (message.ServedGuamis.Count > 0)
            elements.Add(NgapElementType.ServedGuamiList, to => Guamis(to, message.ServedGuamis));
        if (message.PlmnSupport.Count > 0)
            elements.Add(NgapElementType.PlmnSupportList, to => Plmns(to, message.PlmnSupport));
        UeIds(message, elements);
        if (message.RanNode is { } node) elements.Add(NgapElementType.GlobalRanNodeId, to => RanNode(to, node));
        if (message.RanNodeName is { } ran) elements.Add(NgapElementType.RanNodeName, to => Name(to, ran));
        if (message.SupportedAreas.Count > 0)
            elements.Add(NgapElementType.SupportedTaList, to => Areas(to, message.SupportedAreas));
        if (message.AllowedSlices.Count > 0)
            elements.Add(NgapElementType.AllowedNssai, to => Slices(to, message.AllowedSlices, 8));
        SessionWriter.Write(message, elements);
        foreach (NgapElement further in message.Further) elements.Add(further);
        AperWriter pdu = new();
        pdu.Flag(false);
        pdu.Constrained((int)message.Outcome, 0, 2);
        pdu.Constrained((int)message.Procedure, 0, 255);
        pdu.Constrained((int)Criticality.Reject, 0, 2);
        AperWriter value = new();
        value.Begin();
        elements.Write(value);
        pdu.Open(value.ToArray());
        return pdu.ToArray();
    }

    // A command to release a context names the UE by both numbers in one element (TS 38.413 §9.2.2.5).
    private static void UeIds(NgapMessage message, ElementList elements)
    {
        if (message is { Procedure: NgapProcedure.UeContextRelease, Outcome: NgapOutcome.Initiating,
            AmfUeId: { } amfUe, RanUeId: { } ranUe })
        {
            elements.Add(NgapElementType.UeNgapIds, to =>
            {
                to.Constrained(0, 0, 2);
                to.Begin(false);
                AmfUeId(to, amfUe);
                RanUeId(to, ranUe);
            });
            return;
        }
        if (message.AmfUeId is { } amf) elements.Add(NgapElementType.AmfUeId, to => AmfUeId(to, amf));
        if (message.RanUeId is { } ran) elements.Add(NgapElementType.RanUeId, to => RanUeId(to, ran));
    }

    private static void AmfUeId(AperWriter to, long id) => to.Constrained(id, 0, 0xFF_FFFF_FFFF);

    private static void RanUeId(AperWriter to, long id) => to.Constrained(id, 0, uint.MaxValue);

    /// <summary>Elements of one container.</summary>
    internal sealed class ElementList
    {
        private readonly List<NgapElement> _elements = [];

        public void Add(int type, Action<AperWriter> write)
        {
            AperWriter value = new();
            write(value);
            Add(new(type, value.ToArray()));
        }

        public void Add(NgapElement element) => _elements.Add(element);

        public void Write(AperWriter to)
        {
            to.Constrained(_elements.Count, 0, 65_535);
            foreach ((int type, byte[] value) in _elements.OrderBy(each => NgapElementType.PlaceOf(each.Type)))
            {
                to.Constrained(type, 0, 65_535);
                to.Constrained((int)Criticality.Reject, 0, 2);
                to.Open(value);
            }
        }
    }

    public static void Slice(AperWriter to, Snssai slice)
    {
        to.Begin(slice.Differentiator is not null, false);
        to.Octet(slice.SliceType);
        if (slice.Differentiator is { } sd) to.Octets([(byte)(sd >> 16), (byte)(sd >> 8), (byte)sd]);
    }

    private static void Slices(AperWriter to, IReadOnlyList<Snssai> slices, int countMax)
    {
        to.Constrained(slices.Count, 1, countMax);
        foreach (Snssai slice in slices)
        {
            to.Begin(false);
            Slice(to, slice);
        }
    }

    private static void Name(AperWriter to, string name) =>
        to.Characters(Encoding.ASCII.GetBytes(name), 1, 150, isExtensible: true);

    private static void PlmnIdentity(AperWriter to, Plmn plmn)
    {
        Span<byte> octets = stackalloc byte[Plmn.Length];
        plmn.Write(octets);
        to.Octets(octets);
    }

    private static void RanNode(AperWriter to, GlobalRanNodeId node)
    {
        to.Constrained((int)node.Kind, 0, 3);
        to.Begin(false);
        PlmnIdentity(to, node.Plmn);
        if (node.Kind is RanNodeKind.Gnb)
        {
            to.Constrained(0, 0, 1);
            to.Constrained(node.Bits, 22, 32);
            to.Align();
        }
        else if (node.Kind is RanNodeKind.NgEnb)
        {
            to.Constrained(node.Bits switch { 20 => 0, 18 => 1, _ => 2 }, 0, 3);
            to.Align();
        }
        else to.Constrained(0, 0, 1);
        to.Bits(node.Id, node.Bits);
    }

    private static void Areas(AperWriter to, List<SupportedArea> areas)
    {
        to.Constrained(areas.Count, 1, 256);
        foreach (SupportedArea area in areas)
        {
            to.Begin(false);
            int code = area.TrackingAreaCode;
            to.Octets([(byte)(code >> 16), (byte)(code >> 8), (byte)code]);
            to.Constrained(1, 1, 12);
            to.Begin(false);
            PlmnIdentity(to, area.Plmn);
            Slices(to, area.Slices, 1024);
        }
    }

    private static void Guamis(AperWriter to, List<Guami> guamis)
    {
        to.Constrained(guamis.Count, 1, 256);
        foreach (Guami guami in guamis)
        {
            to.Begin(false, false);
            to.Begin(false);
            PlmnIdentity(to, guami.Plmn);
            to.Bits((uint)guami.Region, 8);
            to.Bits((uint)guami.Set, 10);
            to.Bits((uint)guami.Pointer, 6);
        }
    }

    private static void Plmns(AperWriter to, List<PlmnSupport> plmns)
    {
        to.Constrained(plmns.Count, 1, 12);
        foreach (PlmnSupport plmn in plmns)
        {
            to.Begin(false);
            PlmnIdentity(to, plmn.Plmn);
            Slices(to, plmn.Slices, 1024);
        }
    }
}
