using System.Globalization;
using Testbed.Conformance;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Judging;

/// <summary>Figures in words.</summary>
internal static class Figures
{
    /// <summary>Six significant digits; a ratio near one keeps those of its distance from one.</summary>
    public static string Show(decimal value)
    {
        decimal size = value is > 0.9m and < 1 ? 1 - value : Math.Abs(value);
        int digits = size == 0 ? 0 : 5 - (int)Math.Floor(Math.Log10((double)size));
        decimal rounded = digits >= 0 ? Math.Round(value, Math.Min(digits, 20)) : Math.Round(value, 0);
        return rounded.ToString("0.####################", CultureInfo.InvariantCulture);
    }

    public static string Show(decimal value, string unit) => $"{Show(value)}{Unit(unit)}";

    /// <summary>Name of the figure with where it was taken: slice, tap, direction.</summary>
    public static LocalText Name(KpiRule rule, KpiResult kpi)
    {
        LocalText direction = kpi.Direction switch
        {
            Direction.Uplink => new("上行", "uplink"),
            Direction.Downlink => new("下行", "downlink"),
            _ => new("", ""),
        };
        string zh = string.Join("，", new[] { kpi.Scope, direction.Zh }.Where(part => part.Length > 0));
        string en = string.Join(", ", new[] { kpi.Scope, direction.En }.Where(part => part.Length > 0));
        return zh.Length == 0 ? rule.Name : new($"{rule.Name.Zh}（{zh}）", $"{rule.Name.En} ({en})");
    }

    /// <summary>Value, interval, uncertainty, samples and limit, without a full stop.</summary>
    public static LocalText Compared(KpiRule rule, KpiResult kpi, AppliedLimit limit)
    {
        LocalText name = Name(rule, kpi);
        List<string> zh = [], en = [];
        if (kpi.HighIsOpen)
        {
            zh.Add($"区间自 {Show(kpi.Low, kpi.Unit)} 起，上端不定");
            en.Add($"interval from {Show(kpi.Low, kpi.Unit)} up, open above");
        }
        else if (kpi.Low != kpi.High)
        {
            zh.Add($"区间 {Show(kpi.Low)}–{Show(kpi.High, kpi.Unit)}");
            en.Add($"interval {Show(kpi.Low)}–{Show(kpi.High, kpi.Unit)}");
        }
        if (kpi.ExpandedUncertainty is > 0 and var uncertainty)
        {
            zh.Add($"U = {Show(uncertainty, kpi.Unit)}（k = 2）");
            en.Add($"U = {Show(uncertainty, kpi.Unit)}, k = 2");
        }
        zh.Add($"样本 {kpi.Samples} 个");
        en.Add($"{kpi.Samples} samples");
        (string zhRule, string enRule) = limit.Rule is LimitRule.AtMost ? ("不超过", "at most") : ("不低于", "at least");
        return new(
            $"{name.Zh}为 {Show(kpi.Value, kpi.Unit)}（{string.Join("，", zh)}），"
            + $"限值为{zhRule} {Show(limit.Value, limit.Unit)}",
            $"{name.En}: {Show(kpi.Value, kpi.Unit)} ({string.Join(", ", en)}); "
            + $"the limit is {enRule} {Show(limit.Value, limit.Unit)}");
    }

    private static string Unit(string unit) => unit switch { "1" => "", "1/km2" => " /km²", _ => $" {unit}" };
}
