using System.Text;
using Testbed.Wire.Aper;

namespace Testbed.Wire.Ngap;

/// <summary>Reads the envelope (TS 38.413 §9.4.3) and hands each element to the reader of its kind.</summary>
internal static class NgapMessageReader
{
    private const int NameMax = 150;
    private const int AllowedSlicesMax = 8;

    public static DecodeStatus Read(ReadOnlySpan<byte> bytes, out NgapMessage? message)
    {
        message = null;
        AperReader reader = new(bytes);
        if (reader.Flag()) return DecodeStatus.Unsupported;
        NgapOutcome outcome = (NgapOutcome)reader.Constrained(0, 2);
        NgapMessage reading = new((NgapProcedure)reader.Constrained(0, 255), outcome);
        NgapSyntax.SkipCriticality(ref reader);
        AperReader value = new(reader.Open());
        if (!reader.IsOk) return reader.Status;
        DecodeStatus status = ReadElements(ref value, reading);
        if (status is DecodeStatus.Ok) message = reading;
        return status;
    }

    private static DecodeStatus ReadElements(ref AperReader reader, NgapMessage message)
    {
        AperSequence sequence = reader.Begin(0);
        for (int left = NgapSyntax.Elements(ref reader); left > 0; left--)
        {
            if (!NgapSyntax.Next(ref reader, out int type, out AperReader value)) return reader.Status;
            ReadElement(message, type, ref value);
            if (!value.IsOk) return value.Status;
        }
        NgapSyntax.End(ref reader, sequence);
        return reader.Status;
    }

    private static void ReadElement(NgapMessage message, int type, ref AperReader value)
    {
        switch (type)
        {
            case NgapElementType.AmfUeId: message.AmfUeId = AmfUeId(ref value); break;
            case NgapElementType.RanUeId: message.RanUeId = RanUeId(ref value); break;
            case NgapElementType.UeNgapIds: ReadUeIds(message, ref value); break;
            case NgapElementType.AmfName: message.AmfName = Name(ref value); break;
            case NgapElementType.RanNodeName: message.RanNodeName = Name(ref value); break;
            case NgapElementType.GlobalRanNodeId: message.RanNode = NodeElements.RanNode(ref value); break;
            case NgapElementType.SupportedTaList: NodeElements.Areas(ref value, message.SupportedAreas); break;
            case NgapElementType.ServedGuamiList: NodeElements.Guamis(ref value, message.ServedGuamis); break;
            case NgapElementType.PlmnSupportList: NodeElements.Plmns(ref value, message.PlmnSupport); break;
            case NgapElementType.AllowedNssai:
                NodeElements.Slices(ref value, message.AllowedSlices, AllowedSlicesMax);
                break;
            case NgapElementType.NasPdu:
                // From a copy: a NAS message that does not read is no reason to refuse what carries it.
                AperReader nas = value;
                message.IsRegistrationRequest = AsksForRegistration(nas.Open());
                message.OtherElementCount++;
                break;
            default: SessionElements.Read(message, type, ref value); break;
        }
    }

    private static long AmfUeId(ref AperReader reader) => reader.Constrained(0, 0xFF_FFFF_FFFF);

    private static long RanUeId(ref AperReader reader) => reader.Constrained(0, uint.MaxValue);

    // TS 24.501 §9.1: discriminator, security header type, message type; where integrity is protected, six octets of
    // code and number and the plain message follow. What is ciphered says nothing.
    private static bool AsksForRegistration(ReadOnlySpan<byte> nas)
    {
        const byte mobility = 0x7E, registrationRequest = 0x41;
        const int protectedHeader = 7;
        if (nas.Length > protectedHeader && nas[0] == mobility && (nas[1] & 0xF) is 1 or 3)
            nas = nas[protectedHeader..];
        return nas is [mobility, var security, registrationRequest, ..] && (security & 0xF) == 0;
    }

    // UE-NGAP-IDs ::= CHOICE { a sequence of both, the AMF's alone, choice-Extensions } (TS 38.413 §9.3.3.24).
    private static void ReadUeIds(NgapMessage message, ref AperReader reader)
    {
        switch (reader.Constrained(0, 2))
        {
            case 0:
                AperSequence sequence = reader.Begin(1);
                message.AmfUeId = AmfUeId(ref reader);
                message.RanUeId = RanUeId(ref reader);
                NgapSyntax.End(ref reader, sequence);
                break;
            case 1:
                message.AmfUeId = AmfUeId(ref reader);
                break;
            default:
                break;
        }
    }

    private static string Name(ref AperReader reader) =>
        Encoding.ASCII.GetString(reader.Characters(1, NameMax, isExtensible: true));
}
