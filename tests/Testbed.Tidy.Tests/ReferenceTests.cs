using System.Xml.Linq;

namespace Testbed.Tidy.Tests;

/// <summary>References run one way, or the verifier would one day ship an emulator.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Testbed.Wire"] = [],
        ["Testbed.Conformance"] = [],
        ["Testbed.Analyzer"] = ["Testbed.Wire", "Testbed.Conformance"],
        ["Testbed.Analyzer.Cli"] = ["Testbed.Analyzer"],
        ["Testbed.Capture"] = ["Testbed.Wire"],
        ["Testbed.Probes"] = ["Testbed.Wire", "Testbed.Conformance"],
        ["Testbed.Evidence"] = ["Testbed.Conformance"],
        ["Testbed.Agent"] = ["Testbed.Capture", "Testbed.Analyzer", "Testbed.Probes", "Testbed.Evidence"],
        ["Testbed.Server"] = ["Testbed.Analyzer", "Testbed.Evidence"],
        ["Testbed.Cli"] = ["Testbed.Agent", "Testbed.Server"],
        ["Testbed.Lab"] = ["Testbed.Wire"],
        ["Testbed.Fuzz"] = ["Testbed.Wire", "Testbed.Analyzer"],
    };

    /// <summary>Outside packages of the innermost rooms; the others' are a matter of docs/dependencies.md.</summary>
    private static readonly Dictionary<string, string[]> AllowedPackages = new()
    {
        ["Testbed.Wire"] = [],
        ["Testbed.Conformance"] = ["YamlDotNet"],
        ["Testbed.Lab"] = [],
    };

    [Test]
    public void No_project_refers_to_another_outside_the_design()
    {
        List<string> wrong = [];
        foreach (string file in Repository.Files("*.csproj"))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            if (!Allowed.TryGetValue(name, out string[]? allowed)) continue;
            wrong.AddRange(References(file, "ProjectReference")
                .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
                .Where(reference => !allowed.Contains(reference))
                .Select(reference => $"{name} -> {reference}"));
        }
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void The_innermost_projects_use_no_other_package()
    {
        List<string> wrong = [];
        foreach ((string name, string[] allowed) in AllowedPackages)
            wrong.AddRange(References(ProjectFile(name), "PackageReference")
                .Where(package => !allowed.Contains(package))
                .Select(package => $"{name} -> {package}"));
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Every_project_outside_tests_and_benchmarks_has_its_rule()
    {
        IEnumerable<string> products = Repository.Files("*.csproj", Repository.ProductFolders)
            .Select(file => Path.GetFileNameWithoutExtension(file)!);
        Assert.That(products, Is.SubsetOf(Allowed.Keys));
    }

    [Test]
    public void Only_tests_refer_to_the_rehearsal_lab()
    {
        IEnumerable<string> offenders = Repository.Files("*.csproj")
            .Where(file => File.ReadAllText(file).Contains("Testbed.Lab.csproj", StringComparison.Ordinal))
            .Select(Repository.Relative)
            .Where(file => !file.StartsWith("tests/", StringComparison.Ordinal));
        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Path.Combine(Repository.Root, "Testbed.sln"));
        IEnumerable<string> missing = Repository.Files("*.csproj").Select(Repository.Relative)
            .Where(file => !solution.Contains(file.Replace('/', '\\'), StringComparison.Ordinal));
        Assert.That(missing, Is.Empty);
    }

    private static string ProjectFile(string name)
        => Repository.Files(name + ".csproj").Single();

    private static IEnumerable<string> References(string project, string kind)
        => XDocument.Load(project).Descendants(kind).Select(element => element.Attribute("Include")?.Value)
            .OfType<string>();
}
