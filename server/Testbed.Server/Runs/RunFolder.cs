using Testbed.Conformance;
using Testbed.Evidence.Files;

namespace Testbed.Server.Runs;

/// <summary>Where everything of one run lies. Names are ASCII and part of the contract with other tools.</summary>
public sealed class RunFolder
{
    private RunFolder(string path) => Path = path;

    public string Path { get; }
    public string Claim => At("lab.yaml");
    public string Plan => At("plan.json");
    public string Journal => At("journal.ndjson");
    public string Captures => At("captures");
    public string Records => At("records");
    public string Report => At("report.json");
    public string Html => At("report.html");
    public string Junit => At("junit.xml");
    public string Series => At("series.json");

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes the folder. It may hold other files, but no run.</summary>
    /// <exception cref="RunFolderException">It holds a run already, or cannot be made.</exception>
    public static RunFolder Create(string path)
    {
        RunFolder folder = new(System.IO.Path.GetFullPath(path));
        if (File.Exists(folder.Journal))
            throw new RunFolderException(new(
                $"{folder.Path} 已有一次运行；请用 --out 指定另一个目录",
                $"{folder.Path} already holds a run; name another folder with --out"));
        try
        {
            Directory.CreateDirectory(folder.Captures);
            Directory.CreateDirectory(folder.Records);
            DurableFile.SyncDirectory(folder.Path);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException(new(
                $"无法使用目录 {folder.Path}：{unusable.Message}", $"cannot use folder {folder.Path}: {unusable.Message}"));
        }
        return folder;
    }
}

/// <summary>A run folder that cannot be used; the message says which, why, and what to do.</summary>
public sealed class RunFolderException(LocalText text) : Exception(text.En)
{
    public LocalText Text { get; } = text;
}
