using System.Buffers.Binary;
using System.Globalization;
using Testbed.Lab.Topology;
using Testbed.Wire.Ngap;
using Testbed.Wire.Pfcp;

namespace Testbed.Lab.Access;

/// <summary>
/// What the lab's NGAP messages say besides sessions: identities, causes, NAS. Values stand as they are encoded
/// (aligned PER, TS 38.413 §9.3).
/// </summary>
internal static class NgapParts
{
    public const int TrackingAreaCode = 1;

    private static readonly byte[] PlmnOctets = [0x00, 0xF1, 0x10];

    public static readonly Plmn Plmn = new(1, 1, 2);
    public static readonly GlobalRanNodeId Gnb = new(Plmn, RanNodeKind.Gnb, 1, 24);
    public static readonly Guami Guami = new(Plmn, 1, 1, 0);

    public static IReadOnlyList<Snssai> Slices { get; } =
        [.. SliceAccess.All.Select(slice => new Snssai(slice.Sst, (int)slice.Sd))];

    /// <summary>v128 (§9.3.1.90).</summary>
    public static readonly NgapElement PagingDrx = new(NgapElementType.DefaultPagingDrx, [0x40]);
    public static readonly NgapElement RelativeCapacity = new(NgapElementType.RelativeAmfCapacity, [0xFF]);
    /// <summary>ues-retained (§9.3.1.117): a set-up that begins anew leaves the UEs' contexts alone.</summary>
    public static readonly NgapElement UesRetained = new(NgapElementType.UeRetention, [0x00]);
    /// <summary>mo-Signalling (§9.3.1.111).</summary>
    public static readonly NgapElement EstablishmentCause = new(NgapElementType.RrcEstablishmentCause, [0x18]);
    /// <summary>requested (§9.3.1.118).</summary>
    public static readonly NgapElement ContextRequest = new(NgapElementType.UeContextRequest, [0x00]);
    /// <summary>Radio network: user-inactivity (§9.3.1.2).</summary>
    public static readonly NgapElement UserInactivity = new(NgapElementType.Cause, [0x05, 0x00]);
    /// <summary>NAS: normal-release (§9.3.1.2).</summary>
    public static readonly NgapElement NormalRelease = new(NgapElementType.Cause, [0x40]);
    /// <summary>Algorithms 1 and 2 of 5G for ciphering and integrity, none of E-UTRA (§9.3.1.86).</summary>
    public static readonly NgapElement SecurityCapabilities =
        new(NgapElementType.UeSecurityCapabilities, [0x18, 0x00, 0x0C, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00]);
    public static readonly NgapElement GuamiElement =
        new(NgapElementType.Guami, [0x00, .. PlmnOctets, 0x01, 0x00, 0x40]);
    /// <summary>NR cell 1 of the gNB and its tracking area (§9.3.1.16).</summary>
    public static readonly NgapElement Location = new(
        NgapElementType.UserLocation,
        [0x40, .. PlmnOctets, 0x00, 0x00, 0x01, 0x00, 0x10, .. PlmnOctets, 0x00, 0x00, TrackingAreaCode]);
    /// <summary>ipv4 (§9.3.1.52).</summary>
    public static readonly NgapElement Ipv4Session = new(NgapElementType.PduSessionType, [0x00]);

    public static NgapElement SecurityKey(Random random)
    {
        byte[] key = new byte[32];
        random.NextBytes(key);
        return new(NgapElementType.SecurityKey, key);
    }

    /// <summary>Session AMBR (§9.3.1.102), bit/s.</summary>
    public static NgapElement SessionAmbr(long downlinkBps, long uplinkBps)
    {
        byte[] down = Octets(downlinkBps), up = Octets(uplinkBps);
        // Two flags, then each rate as an extension flag, three bits of length less one, and octets.
        return new(NgapElementType.PduSessionAmbr,
            [(byte)((down.Length - 1) << 2), .. down, (byte)((up.Length - 1) << 4), .. up]);
    }

    private static byte[] Octets(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        int zeros = bytes.AsSpan(0, 7).IndexOfAnyExcept((byte)0);
        return bytes[(zeros < 0 ? 7 : zeros)..];
    }

    /// <summary>
    /// A Registration Request with a concealed identity of the null scheme and the UE's algorithms (TS 24.501 §8.2.6,
    /// §9.11.3.4, §9.11.3.54). Subscriber numbers are the UEs' addresses.
    /// </summary>
    public static NgapElement RegistrationRequest(uint ueAddress)
    {
        Span<byte> number = stackalloc byte[5];
        string digits = (ueAddress & 0xFF_FFFF).ToString("D10", CultureInfo.InvariantCulture);
        for (int i = 0; i < number.Length; i++)
            number[i] = (byte)((digits[2 * i + 1] - '0') << 4 | (digits[2 * i] - '0'));
        return Nas(
            [0x7E, 0x00, 0x41, 0x79, 0x00, 0x0D, 0x01, .. PlmnOctets, 0xF0, 0xFF, 0x00, 0x00, .. number,
             0x2E, 0x02, 0x60, 0x60]);
    }

    /// <summary>
    /// A ciphered message (TS 24.501 §9.1.1, security header type 2). NAS is between UE and core: on N2 nobody can
    /// read it, so the lab carries noise here and its content in <see cref="N2"/>.
    /// </summary>
    public static NgapElement Ciphered(Random random, int length)
    {
        byte[] message = new byte[7 + length];
        random.NextBytes(message);
        (message[0], message[1]) = (0x7E, 0x02);
        return Nas(message);
    }

    private static NgapElement Nas(ReadOnlySpan<byte> message)
    {
        // One octet of length serves below 128 (X.691 §11.9).
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, 0x7F);
        return new(NgapElementType.NasPdu, [(byte)message.Length, .. message]);
    }
}
