namespace Testbed.Lab.Faults;

/// <summary>All faults of this assembly, by name.</summary>
internal static class FaultCatalogue
{
    public static IReadOnlyList<IFault> All { get; } =
    [
        .. typeof(FaultCatalogue).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IFault)))
            .Select(type => (IFault)Activator.CreateInstance(type)!)
            .OrderBy(fault => fault.Name, StringComparer.Ordinal),
    ];

    /// <summary>The faults of these names, or a usage error that lists what there is.</summary>
    public static IReadOnlyList<IFault> Select(IReadOnlyList<string> names) =>
        [.. names.Distinct(StringComparer.Ordinal).Select(Find)];

    private static IFault Find(string name) =>
        All.FirstOrDefault(fault => fault.Name == name)
        ?? throw new LabException(
            $"unknown fault '{name}'; known: {string.Join(", ", All.Select(fault => fault.Name))}", ExitCodes.Usage);
}
