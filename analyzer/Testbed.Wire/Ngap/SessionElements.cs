using Testbed.Wire.Aper;
using Testbed.Wire.Pfcp;

namespace Testbed.Wire.Ngap;

/// <summary>
/// Lists of PDU sessions (TS 38.413 §9.2.1 and §9.2.2): what is asked for, granted, refused, released.
/// </summary>
internal static class SessionElements
{
    private const int SessionsMax = 256;

    public static void Read(NgapMessage message, int type, ref AperReader reader)
    {
        switch (type)
        {
            case NgapElementType.SessionsInContextRequest:
            case NgapElementType.SessionsInSetupRequest:
                ReadOrders(message, ref reader, hasNas: true);
                break;
            case NgapElementType.SessionsInHandoverRequest:
                ReadOrders(message, ref reader, hasNas: false);
                break;
            case NgapElementType.SessionsInContextResponse:
            case NgapElementType.SessionsInSetupResponse:
                ReadGrants(message, ref reader);
                break;
            case NgapElementType.SessionsFailedInContextResponse:
            case NgapElementType.SessionsFailedInSetupResponse:
            case NgapElementType.SessionsFailedInContextFailure:
                ReadIds(ref reader, message.FailedSessions);
                break;
            case NgapElementType.SessionsToRelease:
            case NgapElementType.SessionsReleased:
                ReadIds(ref reader, message.ReleasedSessions);
                break;
            default:
                message.OtherElementCount++;
                break;
        }
    }

    private static void ReadOrders(NgapMessage message, ref AperReader reader, bool hasNas)
    {
        for (int left = reader.Count(1, SessionsMax); left > 0 && reader.IsOk; left--)
        {
            AperSequence item = reader.Begin(hasNas ? 2 : 1);
            byte id = (byte)reader.Constrained(0, 255);
            // The NAS message names the subscriber or holds what is meant for it alone: not looked at.
            if (hasNas && item.Has(0)) reader.Open();
            Snssai slice = NodeElements.Slice(ref reader);
            AperReader transfer = new(reader.Open());
            NgapSyntax.End(ref reader, item);
            if (!reader.IsOk) return;
            PduSessionOrder order = SessionTransfers.ReadOrder(ref transfer, id, slice, out int others);
            if (!transfer.IsOk) reader.Fail(transfer.Status);
            message.Orders.Add(order);
            message.OtherElementCount += others;
        }
    }

    private static void ReadGrants(NgapMessage message, ref AperReader reader)
    {
        for (int left = reader.Count(1, SessionsMax); left > 0 && reader.IsOk; left--)
        {
            AperSequence item = reader.Begin(1);
            byte id = (byte)reader.Constrained(0, 255);
            AperReader transfer = new(reader.Open());
            NgapSyntax.End(ref reader, item);
            if (!reader.IsOk) return;
            message.Grants.Add(SessionTransfers.ReadGrant(ref transfer, id));
            if (!transfer.IsOk) reader.Fail(transfer.Status);
        }
    }

    // The cause that comes with each is not read.
    private static void ReadIds(ref AperReader reader, List<byte> into)
    {
        for (int left = reader.Count(1, SessionsMax); left > 0 && reader.IsOk; left--)
        {
            AperSequence item = reader.Begin(1);
            byte id = (byte)reader.Constrained(0, 255);
            reader.Open();
            NgapSyntax.End(ref reader, item);
            if (reader.IsOk) into.Add(id);
        }
    }
}
