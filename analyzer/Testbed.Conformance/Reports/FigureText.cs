using System.Globalization;
using Testbed.Conformance.Json;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Reports;

/// <summary>Figures for people: rounded for the eye, never for the verdict. The exact ones stand in the JSON.</summary>
public static class FigureText
{
    /// <summary>Rounded to this many significant digits, thousands separated by commas, no exponent.</summary>
    public static string Number(decimal value, int digits = 6)
    {
        decimal rounded = Round(value, digits);
        string text = DecimalText.Format(rounded);
        int point = text.IndexOf('.');
        decimal whole = decimal.Truncate(rounded);
        if (Math.Abs(whole) < 10_000) return text;
        return whole.ToString("#,0", CultureInfo.InvariantCulture) + (point < 0 ? "" : text[point..]);
    }

    /// <summary>A number with its unit: <c>12.35 ms</c>; ratios and counts stand alone.</summary>
    public static string WithUnit(decimal value, string unit, int digits = 6)
    {
        string shown = Unit(unit);
        return shown.Length == 0 ? Number(value, digits) : $"{Number(value, digits)} {shown}";
    }

    /// <summary>Without its unit: <c>[12.1, 12.6]</c> or <c>[12.1, ∞)</c>; one number where it is exact.</summary>
    public static string Interval(KpiResult kpi) =>
        kpi.HighIsOpen ? $"[{Number(kpi.Low)}, ∞)"
        : kpi.Low == kpi.High ? Number(kpi.Low)
        : $"[{Number(kpi.Low)}, {Number(kpi.High)}]";

    /// <summary>The unit as a reader expects it; empty for ratios and counts.</summary>
    public static string Unit(string unit) => unit switch
    {
        "1" => "",
        "us" => "µs",
        "1/km2" => "km⁻²",
        _ => unit,
    };

    public static string Limit(AppliedLimit limit) =>
        (limit.Rule is LimitRule.AtMost ? "≤ " : "≥ ") + WithUnit(limit.Value, limit.Unit, 12);

    /// <summary>
    /// Enough digits to tell the value from its limit: 20.0000001 ms is not printed as 20 beside "≤ 20".
    /// </summary>
    public static string Against(decimal value, AppliedLimit? limit, string unit)
    {
        for (int digits = 5; digits < 28; digits++)
            if (limit is null || value == limit.Value || Round(value, digits) != limit.Value)
                return WithUnit(value, unit, digits);
        return WithUnit(value, unit, 28);
    }

    private static decimal Round(decimal value, int digits)
    {
        if (value == 0) return 0;
        int before = (int)Math.Floor(Math.Log10((double)Math.Abs(value))) + 1;
        // Whole numbers keep all their digits: a count is exact.
        return Math.Round(value, Math.Clamp(digits - before, 0, 28), MidpointRounding.AwayFromZero);
    }
}
