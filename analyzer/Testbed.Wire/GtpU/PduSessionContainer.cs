using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Testbed.Wire.GtpU;

/// <summary>
/// Reads and writes the PDU session container (TS 38.415 §5.5.2), the content of a GTP-U extension header of type 0x85.
/// <code>
///  downlink | type 0 | QMP | SNP | MSNP | - |    | PPP | RQI | QFI | [PPI] [DL sent] [sequence] [MBS sequence]
///  uplink   | type 1 | QMP | DL  | UL   | SNP |  | N3  | new | QFI | [three times] [DL] [UL] [sequence] [N3/N9] [new]
/// </code>
/// </summary>
public static class PduSessionContainer
{
    private const int FixedLength = 2;
    private const int UplinkType = 1;
    /// <summary>Bytes of a container with all fields that this writer knows, length and next type included.</summary>
    public const int ExtensionLengthMax = 44;

    /// <summary>QFI and direction only: all that most packets are asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static DecodeStatus ReadQfi(ReadOnlySpan<byte> content, out byte qfi, out bool isUplink)
    {
        qfi = 0;
        isUplink = false;
        if (content.Length < FixedLength) return DecodeStatus.Truncated;
        int type = content[0] >> 4;
        if (type > UplinkType) return DecodeStatus.Unsupported;
        qfi = (byte)(content[1] & 0x3F);
        isUplink = type == UplinkType;
        return DecodeStatus.Ok;
    }

    /// <summary>
    /// Reads all fields. <see cref="DecodeStatus.Truncated"/> when the flags promise more than the content holds;
    /// <see cref="DecodeStatus.Unsupported"/> for a PDU type other than 0 and 1.
    /// </summary>
    /// <param name="content">As <see cref="GtpUHeader.PduSessionContent"/>; padding at its end is ignored.</param>
    public static DecodeStatus Read(ReadOnlySpan<byte> content, out PduSessionInformation information)
    {
        information = default;
        DecodeStatus status = ReadQfi(content, out byte qfi, out bool isUplink);
        if (status is not DecodeStatus.Ok) return status;
        if (content.Length < (isUplink ? UplinkLength(content[0], content[1]) : DownlinkLength(content[0], content[1])))
            return DecodeStatus.Truncated;
        information = isUplink ? ReadUplink(content, qfi) : ReadDownlink(content, qfi);
        return DecodeStatus.Ok;
    }

    private static int DownlinkLength(int first, int second) =>
        FixedLength + If(second & 0x80, 1) + If(first & 0x08, 8) + If(first & 0x04, 3) + If(first & 0x02, 4);

    private static int UplinkLength(int first, int second) =>
        FixedLength + If(first & 0x08, 24) + If(first & 0x04, 4) + If(first & 0x02, 4) + If(first & 0x01, 3)
            + If(second & 0x80, 4) + If(second & 0x40, 1);

    private static int If(int flag, int length) => flag != 0 ? length : 0;

    private static PduSessionInformation ReadDownlink(ReadOnlySpan<byte> content, byte qfi)
    {
        int flags = content[0], second = content[1];
        ReadOnlySpan<byte> rest = content[FixedLength..];
        return new(false, qfi)
        {
            ReflectiveQos = (second & 0x40) != 0,
            PagingPolicy = (second & 0x80) != 0 ? (byte)(Take(ref rest, 1) >> 5) : null,
            MonitoringTimes = (flags & 0x08) != 0 ? new(Take(ref rest, 8)) : null,
            QfiSequenceNumber = (flags & 0x04) != 0 ? (uint)Take(ref rest, 3) : null,
            MbsSequenceNumber = (flags & 0x02) != 0 ? (uint)Take(ref rest, 4) : null,
        };
    }

    private static PduSessionInformation ReadUplink(ReadOnlySpan<byte> content, byte qfi)
    {
        int flags = content[0], second = content[1];
        ReadOnlySpan<byte> rest = content[FixedLength..];
        return new(true, qfi)
        {
            MonitoringTimes = (flags & 0x08) != 0
                ? new(Take(ref rest, 8), Take(ref rest, 8), Take(ref rest, 8)) : null,
            DownlinkDelay = (flags & 0x04) != 0 ? (uint)Take(ref rest, 4) : null,
            UplinkDelay = (flags & 0x02) != 0 ? (uint)Take(ref rest, 4) : null,
            QfiSequenceNumber = (flags & 0x01) != 0 ? (uint)Take(ref rest, 3) : null,
            N3N9Delay = (second & 0x80) != 0 ? (uint)Take(ref rest, 4) : null,
        };
    }

    private static ulong Take(ref ReadOnlySpan<byte> rest, int length)
    {
        ulong value = 0;
        foreach (byte part in rest[..length]) value = (value << 8) | part;
        rest = rest[length..];
        return value;
    }

    /// <summary>
    /// Writes a whole extension header: length, content, padding and the type of the next one. Returns its length, a
    /// multiple of 4.
    /// </summary>
    public static int WriteExtension(Span<byte> destination, in PduSessionInformation information, byte nextType)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(information.Qfi, (byte)63, nameof(information));
        int at = 1 + FixedLength;
        int flags = information.IsUplink
            ? WriteUplink(destination, information, ref at)
            : WriteDownlink(destination, information, ref at);
        destination[1] = (byte)flags;
        destination[2] = (byte)((flags >> 8) | information.Qfi);
        int length = (at + 1 + 3) & ~3;
        destination[at..(length - 1)].Clear();
        destination[0] = (byte)(length / 4);
        destination[length - 1] = nextType;
        return length;
    }

    // Both return the first byte in the low and the second byte's flags in the high half.
    private static int WriteDownlink(Span<byte> destination, in PduSessionInformation information, ref int at)
    {
        int flags = information.ReflectiveQos ? 0x4000 : 0;
        if (information.PagingPolicy is { } policy)
        {
            flags |= 0x8000;
            Put(destination, (ulong)(policy & 7) << 5, 1, ref at);
        }
        if (information.MonitoringTimes is { } times)
        {
            flags |= 0x08;
            Put(destination, times.DownlinkSent, 8, ref at);
        }
        if (information.QfiSequenceNumber is { } sequence)
        {
            flags |= 0x04;
            Put(destination, sequence, 3, ref at);
        }
        if (information.MbsSequenceNumber is { } mbs)
        {
            flags |= 0x02;
            Put(destination, mbs, 4, ref at);
        }
        return flags;
    }

    private static int WriteUplink(Span<byte> destination, in PduSessionInformation information, ref int at)
    {
        int flags = UplinkType << 4;
        if (information.MonitoringTimes is { } times)
        {
            flags |= 0x08;
            Put(destination, times.DownlinkSent, 8, ref at);
            Put(destination, times.DownlinkReceived, 8, ref at);
            Put(destination, times.UplinkSent, 8, ref at);
        }
        flags |= PutOptional(destination, information.DownlinkDelay, 4, 0x04, ref at);
        flags |= PutOptional(destination, information.UplinkDelay, 4, 0x02, ref at);
        flags |= PutOptional(destination, information.QfiSequenceNumber, 3, 0x01, ref at);
        flags |= PutOptional(destination, information.N3N9Delay, 4, 0x8000, ref at);
        return flags;
    }

    private static int PutOptional(Span<byte> destination, uint? value, int length, int flag, ref int at)
    {
        if (value is null) return 0;
        Put(destination, value.Value, length, ref at);
        return flag;
    }

    private static void Put(Span<byte> destination, ulong value, int length, ref int at)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        bytes[(8 - length)..].CopyTo(destination[at..]);
        at += length;
    }
}
