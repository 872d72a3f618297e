using Testbed.Lab.Native;

namespace Testbed.Lab.Behaviour;

/// <summary>
/// What a kit's process finds around it besides its network: files, and commands that are run in its own mount and
/// network namespaces before it starts. An honest lab changes nothing there.
/// </summary>
internal sealed class KitSurroundings
{
    /// <summary>Where the files lie: memory of the lab's own, gone with it.</summary>
    public const string Folder = "/run/kit-surroundings";

    private readonly List<(string Path, string Text)> _programs = [];
    private readonly Dictionary<string, List<string>> _commands = new(StringComparer.Ordinal);

    /// <summary>A file that may be run, by its name under <see cref="Folder"/>.</summary>
    public void AddProgram(string name, string text) => _programs.Add((Path.Combine(Folder, name), text));

    /// <param name="command">A line for sh.</param>
    public void AddCommand(string kit, string command)
    {
        if (!_commands.TryGetValue(kit, out List<string>? commands)) _commands[kit] = commands = [];
        commands.Add(command);
    }

    /// <summary>What is run before this kit, each line followed by a semicolon; empty for an honest one.</summary>
    public string CommandsFor(string kit) =>
        string.Concat(_commands.GetValueOrDefault(kit, []).Select(command => command + "; "));

    public void WriteFiles()
    {
        foreach ((string path, string text) in _programs)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            Libc.Check(Libc.ChangeMode(path, 0b111_101_101), $"chmod {path}");
        }
    }
}
