using System.Globalization;
using Testbed.Conformance;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Meters.Slicing;

/// <summary>
/// Pairs a test with the same test in attempts that the plan's rule set aside: what such an attempt says against the
/// network stands beside the figure that counts (docs/decisions/0006).
/// </summary>
internal static class SliceAttempts
{
    public static IEnumerable<LoadContext> Others(this RunContext run, LoadContext load) =>
        run.OtherLoads.Where(each => (each.Part, each.Slice, each.Direction, each.Qfi)
            == (load.Part, load.Slice, load.Direction, load.Qfi));

    /// <summary>Of the same pair of slices and in the same direction of the load.</summary>
    public static IEnumerable<WitnessContext> Others(this RunContext run, WitnessContext witness) =>
        run.OtherWitnesses.Where(each =>
            (each.Part, each.LoadedSlice, each.Qfi, each.Session.Slice, run.LoadBeside(each)?.Direction)
            == (witness.Part, witness.LoadedSlice, witness.Qfi, witness.Session.Slice,
                run.LoadBeside(witness)?.Direction));

    /// <summary>The load that was to fill the loaded slice; null where its sender left no record.</summary>
    public static LoadContext? LoadBeside(this RunContext run, WitnessContext witness) =>
        run.Loads.Concat(run.OtherLoads).FirstOrDefault(
            each => each.Phase == witness.Phase && each.Part == "ambr");

    /// <summary>The figure with what other attempts gave for it: as intervals, and in words.</summary>
    public static KpiResult With(this KpiResult kpi, IEnumerable<KpiResult?> others)
    {
        KpiResult[] usable = [.. others.OfType<KpiResult>().Where(each => each.NotUsable is null)];
        return kpi with
        {
            OtherAttempts =
            [
                .. usable.Select(each => new OtherAttempt(
                    each.Low, each.High, each.ExpandedUncertainty, string.Join(", ", each.Evidence))),
            ],
            Findings = [.. kpi.Findings, .. usable.Select(Say)],
        };
    }

    private static LocalText Say(KpiResult other)
    {
        string value = string.Create(
            CultureInfo.InvariantCulture, $"{other.Value:0.######} [{other.Low:0.######}, {other.High:0.######}]");
        (string zh, string en) = string.Join(", ", other.Evidence) is { Length: > 0 } files
            ? ($"（{files}）", $" ({files})") : ("", "");
        return new($"另一次测量为 {value}，其间套件停顿更多，按冻结的计划不以其为准{zh}",
            $"another attempt gave {value}; kits were more disturbed in it and by the frozen plan it does not "
                + $"count{en}");
    }
}
