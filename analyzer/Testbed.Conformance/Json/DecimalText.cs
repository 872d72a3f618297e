using System.Globalization;

namespace Testbed.Conformance.Json;

/// <summary>
/// The one spelling of a decimal number in reports: no exponent, no trailing zeros, no plus sign, no minus
/// zero, the same in every culture.
/// </summary>
public static class DecimalText
{
    public static string Format(decimal value)
    {
        if (value == 0) return "0";
        string text = value.ToString(CultureInfo.InvariantCulture);
        return text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>False unless <paramref name="text"/> is spelled exactly as <see cref="Format"/> would.</summary>
    public static bool TryParse(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out value)
        && string.Equals(Format(value), text, StringComparison.Ordinal);
}
