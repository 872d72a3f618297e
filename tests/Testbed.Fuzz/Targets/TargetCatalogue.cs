namespace Testbed.Fuzz.Targets;

/// <summary>All targets. A decoder that takes bytes from the network or from a file belongs here.</summary>
internal static class TargetCatalogue
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. LinkTargets.All(), .. InternetTargets.All(), .. MobileTargets.All(), .. SignallingTargets.All(),
        .. FileTargets.All(),
    ];

    /// <exception cref="ArgumentException">There is no such target.</exception>
    public static FuzzTarget Named(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? throw new ArgumentException(
            $"no target '{name}'; there are {string.Join(", ", All.Select(target => target.Name))}");
}
