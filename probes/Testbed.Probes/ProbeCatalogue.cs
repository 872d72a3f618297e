namespace Testbed.Probes;

/// <summary>All probes of this assembly by kind: a new probe is one class, and no list to edit.</summary>
public static class ProbeCatalogue
{
    /// <summary>One new instance of each probe, sorted by kind.</summary>
    /// <exception cref="InvalidOperationException">Two classes claim one kind: a defect of this program.</exception>
    public static IReadOnlyList<IProbe> CreateAll()
    {
        List<IProbe> probes = [];
        foreach (Type type in typeof(IProbe).Assembly.GetTypes())
        {
            if (type.IsAbstract || !type.IsAssignableTo(typeof(IProbe))) continue;
            probes.Add((IProbe)Activator.CreateInstance(type, nonPublic: true)!);
        }
        probes.Sort((a, b) => string.CompareOrdinal(a.Kind, b.Kind));
        for (int i = 1; i < probes.Count; i++)
        {
            if (probes[i].Kind == probes[i - 1].Kind)
                throw new InvalidOperationException($"two probes claim the kind {probes[i].Kind}");
        }
        return probes;
    }

    /// <summary>The probe of a kind; null when this version has none.</summary>
    public static IProbe? Find(string kind) => CreateAll().FirstOrDefault(probe => probe.Kind == kind);
}
