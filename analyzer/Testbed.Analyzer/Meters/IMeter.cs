using System.Reflection;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Meters;

/// <summary>
/// One subject of measurement over decoded and matched captures. Found by assembly scan, run in the order of names;
/// a meter sees no other meter's results.
/// </summary>
internal interface IMeter
{
    /// <summary>Measures, or stays silent where the request holds nothing that it could measure.</summary>
    void Measure(AnalysisContext context, MeterOutput output);
}

/// <summary>What meters yield.</summary>
internal sealed class MeterOutput
{
    public List<KpiResult> Kpis { get; } = [];
    public List<Series> Series { get; } = [];
}

internal static class MeterCatalogue
{
    /// <summary>One instance of every meter of this assembly, by name.</summary>
    public static IReadOnlyList<IMeter> All() =>
    [
        .. Assembly.GetExecutingAssembly().GetTypes()
            .Where(type => type.IsClass && !type.IsAbstract && type.IsAssignableTo(typeof(IMeter)))
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => (IMeter)Activator.CreateInstance(type, nonPublic: true)!),
    ];
}
