using System.Xml.Linq;

namespace Testbed.Tidy.Tests;

public sealed class PackageTests
{
    private static IEnumerable<XElement> Versions()
        => XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion");

    [Test]
    public void Every_package_is_pinned_to_exactly_one_version()
    {
        IEnumerable<string> loose = Versions()
            .Where(element => element.Attribute("Version")!.Value is not ['[', .., ']'] version
                || version.Contains(',', StringComparison.Ordinal))
            .Select(element => element.ToString());
        Assert.That(loose, Is.Empty);
    }

    [Test]
    public void Every_package_has_its_reason_in_the_docs()
    {
        string reasons = File.ReadAllText(Path.Combine(Repository.Root, "docs", "dependencies.md"));
        IEnumerable<string> missing = Versions().Select(element => element.Attribute("Include")!.Value)
            .Where(package => !reasons.Contains($"| {package} |", StringComparison.Ordinal));
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Every_pinned_package_is_used()
    {
        string projects = string.Concat(Repository.Files("*.csproj").Append(
            Path.Combine(Repository.Root, "Directory.Build.props")).Select(File.ReadAllText));
        IEnumerable<string> unused = Versions().Select(element => element.Attribute("Include")!.Value)
            .Where(package => !projects.Contains($"PackageReference Include=\"{package}\"", StringComparison.Ordinal));
        Assert.That(unused, Is.Empty);
    }

    [Test]
    public void Every_project_has_its_lock_file()
    {
        IEnumerable<string> missing = Repository.Files("*.csproj")
            .Where(file => !File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "packages.lock.json")))
            .Select(Repository.Relative);
        Assert.That(missing, Is.Empty);
    }
}
