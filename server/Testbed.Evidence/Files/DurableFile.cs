using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Testbed.Evidence.Files;

/// <summary>
/// An append-only file that says "stored" only after the kernel has said so. After the first failure it refuses
/// everything: a page that fsync once failed on may be dropped by the kernel, so a later success proves nothing.
/// </summary>
/// <remarks>
/// Thread-safe. Group commit: many threads append, then each calls <see cref="Sync(long)"/> with the offset that
/// it got; one fsync (4–5 ms) serves all that wait.
/// </remarks>
public sealed class DurableFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly Lock _writing = new();
    private readonly Lock _syncing = new();
    private long _length;
    private long _durable;
    private volatile EvidenceWriteException? _failure;

    private DurableFile(string path, SafeFileHandle handle)
    {
        (Path, _handle) = (path, handle);
        _length = _durable = LengthOf(handle);
    }

    public string Path { get; }
    public long LengthBytes => Interlocked.Read(ref _length);
    /// <summary>How many bytes from the start are known to be on the disc.</summary>
    public long DurableBytes => Interlocked.Read(ref _durable);

    /// <summary>A new file, entered durably in its directory.</summary>
    /// <exception cref="EvidenceWriteException">It exists, or the directory does not.</exception>
    public static DurableFile Create(string path)
    {
        DurableFile file = new(path, OpenHandle(path, FileMode.CreateNew));
        SyncDirectory(DirectoryOf(path));
        return file;
    }

    /// <summary>An existing file, to be continued at its end.</summary>
    public static DurableFile OpenForAppend(string path) => new(path, OpenHandle(path, FileMode.Open));

    /// <summary>Stores a whole small file so that either all of it or nothing is there after a power cut.</summary>
    public static void WriteWhole(string path, ReadOnlySpan<byte> bytes)
    {
        string partPath = path + ".part";
        using (DurableFile part = new(partPath, OpenHandle(partPath, FileMode.Create)))
        {
            part.Append(bytes);
            part.Sync();
        }
        try { File.Move(partPath, path, overwrite: true); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceWriteException(path, "rename", 0, e.Message);
        }
        SyncDirectory(DirectoryOf(path));
    }

    /// <summary>Makes the names in a directory durable: a synced file without a synced name can be lost.</summary>
    public static void SyncDirectory(string path)
    {
        int descriptor = LibC.Open(path, LibC.ReadOnlyClosedOnExec);
        if (descriptor < 0) throw LibC.Failure(path, "open");
        try
        {
            if (LibC.Sync(descriptor) != 0) throw LibC.Failure(path, "fsync");
        }
        finally { _ = LibC.Close(descriptor); }
    }

    /// <summary>Hands bytes to the kernel; they are not stored until <see cref="Sync(long)"/>.</summary>
    /// <returns>The file's length after these bytes: what to wait for.</returns>
    public long Append(ReadOnlySpan<byte> bytes)
    {
        lock (_writing)
        {
            ThrowIfFailed();
            while (!bytes.IsEmpty)
            {
                long written = Write(bytes);
                bytes = bytes[(int)written..];
                Interlocked.Add(ref _length, written);
            }
            return _length;
        }
    }

    /// <summary>Returns when all that was appended so far is on the disc.</summary>
    public void Sync() => Sync(LengthBytes);

    /// <summary>Returns when the first <paramref name="length"/> bytes are on the disc.</summary>
    /// <exception cref="EvidenceWriteException">They may not be, and this file takes nothing more.</exception>
    public void Sync(long length)
    {
        lock (_syncing)
        {
            // Also for bytes that were stored before: who must not go on should learn it at once.
            ThrowIfFailed();
            if (DurableBytes >= length) return;
            long reached = LengthBytes;
            int result;
            while ((result = LibC.Sync(_handle)) != 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted) { }
            if (result != 0) throw Fail(LibC.Failure(Path, "fsync"));
            Interlocked.Exchange(ref _durable, reached);
        }
    }

    /// <summary>One writer a file: fails when another process or another object holds it.</summary>
    internal void LockExclusively()
    {
        if (LibC.LockExclusively(_handle) == 0) return;
        bool taken = Marshal.GetLastPInvokeError() is LibC.WouldBlock or LibC.AccessDenied;
        if (!taken) throw LibC.Failure(Path, "lock");
        throw new EvidenceWriteException(Path, "lock", LibC.WouldBlock, "another writer has it open");
    }

    /// <summary>Cuts a torn tail off; the caller has kept a copy.</summary>
    internal void TruncateTo(long length)
    {
        lock (_writing)
        {
            ThrowIfFailed();
            if (LibC.Truncate(_handle, length) != 0) throw Fail(LibC.Failure(Path, "truncate"));
            Interlocked.Exchange(ref _length, length);
            Interlocked.Exchange(ref _durable, 0);
        }
        Sync();
    }

    public void Dispose() => _handle.Dispose();

    private unsafe long Write(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            nint written;
            while ((written = LibC.Write(_handle, first, bytes.Length, _length)) < 0
                && Marshal.GetLastPInvokeError() == LibC.Interrupted) { }
            if (written < 0) throw Fail(LibC.Failure(Path, "write"));
            // A short write is followed by another try, which tells why; zero would repeat for ever.
            if (written == 0) throw Fail(new EvidenceWriteException(Path, "write", 0, "nothing was written"));
            return written;
        }
    }

    private EvidenceWriteException Fail(EvidenceWriteException failure) => _failure ??= failure;

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
            throw new EvidenceWriteException(Path, failure.Operation, failure.ErrorNumber,
                $"refused after an earlier failure ({failure.Message})");
    }

    private static long LengthOf(SafeFileHandle handle)
    {
        // A device or a pipe has no length; what is appended to it counts from zero.
        try { return RandomAccess.GetLength(handle); }
        catch (NotSupportedException) { return 0; }
    }

    private static string DirectoryOf(string path) =>
        System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) ?? "/";

    private static SafeFileHandle OpenHandle(string path, FileMode mode)
    {
        try { return File.OpenHandle(path, mode, FileAccess.Write, FileShare.ReadWrite); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceWriteException(path, "open", 0, e.Message);
        }
    }
}
