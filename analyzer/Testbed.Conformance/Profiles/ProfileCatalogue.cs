using Testbed.Conformance.Yaml;

namespace Testbed.Conformance.Profiles;

/// <summary>The profiles that travel inside the program, so that an installed copy needs no files beside it.</summary>
public static class ProfileCatalogue
{
    private static readonly Lazy<IReadOnlyList<Profile>> All = new(Load);

    /// <summary>As claims name them: <c>miit-2022-220@1</c>.</summary>
    public static IReadOnlyList<string> References => [.. All.Value.Select(p => p.Reference)];

    /// <summary>The profile of this reference, or null.</summary>
    public static Profile? Find(string reference) => All.Value.FirstOrDefault(p => p.Reference == reference);

    private static List<Profile> Load()
    {
        var profiles = new List<Profile>();
        System.Reflection.Assembly assembly = typeof(ProfileCatalogue).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("profiles/")).Order())
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            ProfileReadResult result = ProfileReader.Parse(bytes, new ErrorList(name));
            profiles.Add(result.Profile ?? throw new InvalidDataException(result.Errors[0].ToString()));
        }
        return profiles;
    }
}
