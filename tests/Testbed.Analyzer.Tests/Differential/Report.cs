namespace Testbed.Analyzer.Tests.Differential;

/// <summary>The build's own folder: the launcher prints the comparison's figures from there.</summary>
internal static class Report
{
    public static string Path(string name)
    {
        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Testbed.sln")))
            folder = folder.Parent;
        string artifacts = System.IO.Path.Combine(folder!.FullName, "artifacts");
        Directory.CreateDirectory(artifacts);
        return System.IO.Path.Combine(artifacts, name);
    }
}
