using System.Globalization;

namespace Testbed.Conformance.Reports.Html;

/// <summary>An axis with ticks on round numbers: steps of 1, 2 or 5 times a power of ten.</summary>
internal sealed class Axis
{
    private readonly double _low, _high, _step, _from, _to;

    private Axis(double low, double high, double step, double from, double to) =>
        (_low, _high, _step, _from, _to) = (low, high, step, from, to);

    /// <summary>Covers both ends with about <paramref name="count"/> steps.</summary>
    /// <param name="from">Where the low end is drawn.</param>
    /// <param name="to">Where the high end is drawn.</param>
    public static Axis Over(double low, double high, int count, double from, double to)
    {
        double span = high > low ? high - low : Math.Max(Math.Abs(high), 1);
        double rough = span / count, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        return new(Math.Floor(low / step) * step, Math.Ceiling((low + span) / step - 1e-9) * step, step, from, to);
    }

    public IEnumerable<double> Ticks
    {
        get
        {
            int count = (int)Math.Round((_high - _low) / _step);
            for (int i = 0; i <= count; i++) yield return _low + i * _step;
        }
    }

    public double Place(double value) => _from + (value - _low) / (_high - _low) * (_to - _from);

    /// <summary>With as many decimals as the step has, so that all labels of an axis look alike.</summary>
    public string Label(double tick)
    {
        int decimals = Math.Clamp((int)-Math.Floor(Math.Log10(_step) + 1e-9), 0, 12);
        double shown = Math.Round(tick, decimals);
        return (shown == 0 ? 0 : shown).ToString("#,0." + new string('0', decimals), CultureInfo.InvariantCulture);
    }
}
