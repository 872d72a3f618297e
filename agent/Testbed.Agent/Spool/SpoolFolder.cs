namespace Testbed.Agent.Spool;

/// <summary>The folder in which one agent's evidence waits until the server has acknowledged it.</summary>
internal sealed class SpoolFolder
{
    private SpoolFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>A fresh folder for this process, readable by its user only.</summary>
    public static SpoolFolder Create(AgentOptions options)
    {
        string stamp = options.Time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff");
        string path = System.IO.Path.Combine(
            options.SpoolFolder, $"{options.Kit}-{stamp}-{Environment.ProcessId}");
        try
        {
            const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, OwnerOnly);
            return new(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AgentException(AgentFault.SpoolFailed,
                new($"无法创建暂存目录 {path}：{e.Message}", $"The spool folder {path} cannot be made: {e.Message}"),
                new("用 --spool 指定一个可写的目录。", "Name a writable folder with --spool."), e);
        }
    }

    /// <summary>
    /// Folders of this kit's agents that were killed: empty ones are removed, those with evidence in them given back.
    /// </summary>
    public static IReadOnlyList<string> Orphans(AgentOptions options, SpoolFolder own)
    {
        List<string> kept = [];
        try
        {
            foreach (string path in Directory.EnumerateDirectories(options.SpoolFolder, options.Kit + "-*"))
            {
                string[] parts = System.IO.Path.GetFileName(path)[(options.Kit.Length + 1)..].Split('-');
                if (parts.Length != 2 || !int.TryParse(parts[1], out int process)
                    || path == own.Path || IsAnAgents(process)) continue;
                if (!new SpoolFolder(path).TryRemoveEmpty()) kept.Add(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing can be said of what cannot be read; the own folder is there and that is what counts.
        }
        return kept;

        // In a container every agent may have the same number.
        static bool IsAnAgents(int process) =>
            process != Environment.ProcessId && Directory.Exists($"/proc/{process}");
    }

    public string FolderOf(string taskId)
    {
        string folder = System.IO.Path.Combine(Path, taskId);
        Directory.CreateDirectory(folder);
        return folder;
    }

    public static void Delete(SpooledFile file) => File.Delete(file.LocalPath);

    /// <summary>Removes what is empty. True when nothing was left behind.</summary>
    public bool TryRemoveEmpty()
    {
        try
        {
            foreach (string folder in Directory.EnumerateDirectories(Path))
                if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
            if (Directory.EnumerateFileSystemEntries(Path).Any()) return false;
            Directory.Delete(Path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>A closed, durable file of evidence on its way to the server.</summary>
/// <param name="RunName">Path inside the run folder: ASCII, forward slashes, no dot segments.</param>
/// <param name="Sha256">Lower-case hex, as taken when the file was closed; null when it was not taken then.</param>
internal sealed record SpooledFile(string LocalPath, string RunName, string? Sha256 = null);

/// <summary>Names that may become a part of a path in the run folder.</summary>
internal static class SafeName
{
    private const int LengthMax = 90;

    /// <summary>One path segment of ASCII letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, no dot first.</summary>
    public static bool IsSafe(string name) =>
        name.Length is > 0 and <= LengthMax && name[0] != '.'
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
