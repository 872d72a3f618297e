using System.Runtime.InteropServices;

namespace Testbed.Demo.Tests.Interruptions;

/// <summary>The machine's processes, and signals to them.</summary>
internal static partial class ProcessTable
{
    public const int Interrupt = 2, Kill = 9, User1 = 10, Terminate = 15;

    public static IReadOnlyList<(int Id, string[] Arguments)> All()
    {
        List<(int, string[])> all = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out int id)) continue;
            try
            {
                all.Add((id, File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0')));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // It ended meanwhile, or is not ours to look at.
            }
        }
        return all;
    }

    public static bool Exists(int id) => Directory.Exists($"/proc/{id}");

    public static void Signal(int id, int signal) => _ = KillProcess(id, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillProcess(int id, int signal);
}
