using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Testbed.Evidence.Files;

/// <summary>The calls whose errors .NET 10 does not hand on.</summary>
internal static partial class LibC
{
    public const int Interrupted = 4;     // EINTR
    public const int WouldBlock = 11;     // EAGAIN
    public const int AccessDenied = 13;   // EACCES, the other answer of fcntl to a lock that is taken
    public const int ReadOnlyClosedOnExec = 0x80000; // O_RDONLY | O_CLOEXEC, the same on x64 and arm64

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);

    /// <summary>
    /// A write lock on the whole file that belongs to this opening of it (F_OFD_SETLK). Not <c>flock</c>: .NET takes
    /// a shared one for every reader, and a live reader must not stop the writer.
    /// </summary>
    public static unsafe int LockExclusively(SafeFileHandle file)
    {
        FileLock whole = new() { Type = 1 }; // F_WRLCK
        return Control(file, 37, &whole);    // F_OFD_SETLK
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static unsafe partial int Control(SafeFileHandle file, int command, FileLock* argument);

    // struct flock of 64-bit Linux.
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Pid;
    }

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(SafeFileHandle file, long length);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    public static unsafe partial nint Write(SafeFileHandle file, byte* bytes, nint count, long offset);

    public static EvidenceWriteException Failure(string path, string operation)
    {
        int error = Marshal.GetLastPInvokeError();
        return new EvidenceWriteException(path, operation, error, Marshal.GetPInvokeErrorMessage(error));
    }
}
