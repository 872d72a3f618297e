using System.Runtime.ExceptionServices;

namespace Testbed.Lab.Native;

/// <summary>
/// Work done inside a named network namespace. A socket belongs for good to the namespace in which it was
/// opened, so only the opening needs a thread that has entered it.
/// </summary>
internal static class NetworkNamespace
{
    public static string PathOf(string name) => $"/run/netns/{name}";

    /// <summary>Runs <paramref name="work"/> on a thread of its own that has entered <paramref name="name"/>.</summary>
    public static T Run<T>(string name, Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Enter(name);
                result = work();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        { IsBackground = true, Name = $"enter {name}" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    public static void Run(string name, Action work) => Run(name, () => { work(); return 0; });

    /// <summary>Moves the calling thread for good; call it only on a dedicated thread.</summary>
    public static void Enter(string name)
    {
        int fd = Libc.Check(
            Libc.Open(PathOf(name), LinuxConstants.OpenReadOnly | LinuxConstants.CloseOnExec), PathOf(name));
        try
        {
            Libc.Check(Libc.SetNamespace(fd, LinuxConstants.CloneNewNet), $"enter network namespace {name}");
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }
}
