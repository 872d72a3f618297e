namespace Testbed.Wire.Ngap;

/// <summary>
/// A public land mobile network's code (TS 38.413 §9.3.3.5; TS 23.003 §2.2).
/// <code>
///  0             1             2
///  | MCC2 | MCC1 | MNC3 | MCC3 | MNC2 | MNC1 |   MNC3 is F where the MNC has two digits
/// </code>
/// </summary>
public readonly record struct Plmn(int CountryCode, int NetworkCode, int NetworkDigits)
{
    public const int Length = 3;
    private const int NoDigit = 0xF;

    public static DecodeStatus Read(ReadOnlySpan<byte> octets, out Plmn plmn)
    {
        plmn = default;
        if (octets.Length < Length) return DecodeStatus.Truncated;
        int third = octets[1] >> 4;
        ReadOnlySpan<int> digits =
        [
            octets[0] & 0xF, octets[0] >> 4, octets[1] & 0xF, octets[2] & 0xF, octets[2] >> 4,
            third == NoDigit ? 0 : third,
        ];
        foreach (int digit in digits)
            if (digit > 9) return DecodeStatus.BadField;
        int country = digits[0] * 100 + digits[1] * 10 + digits[2], network = digits[3] * 10 + digits[4];
        plmn = third == NoDigit ? new(country, network, 2) : new(country, network * 10 + third, 3);
        return DecodeStatus.Ok;
    }

    internal void Write(Span<byte> octets)
    {
        int two = NetworkDigits == 3 ? NetworkCode / 10 : NetworkCode;
        int third = NetworkDigits == 3 ? NetworkCode % 10 : NoDigit;
        octets[0] = (byte)(CountryCode / 10 % 10 << 4 | CountryCode / 100);
        octets[1] = (byte)(third << 4 | CountryCode % 10);
        octets[2] = (byte)(two % 10 << 4 | two / 10);
    }

    /// <summary>Country and network code without a gap: "46011".</summary>
    public override string ToString() =>
        CountryCode.ToString("D3") + NetworkCode.ToString(NetworkDigits == 3 ? "D3" : "D2");
}
