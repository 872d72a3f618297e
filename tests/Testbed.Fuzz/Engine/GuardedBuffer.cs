using System.Runtime.InteropServices;

namespace Testbed.Fuzz.Engine;

/// <summary>
/// Memory that ends where a page begins that nobody may touch: an input that ends there cannot be read beyond its end
/// without the process being stopped, not even by code that checks no bounds.
/// </summary>
internal sealed unsafe partial class GuardedBuffer : IDisposable
{
    private const int ReadWrite = 3;
    private const int NoAccess = 0;
    /// <summary>MAP_PRIVATE | MAP_ANONYMOUS on Linux.</summary>
    private const int PrivateAnonymous = 0x22;
    private static readonly nint Failed = -1;
    private readonly nint _start;
    private readonly nuint _mapped;
    private readonly int _usable;

    public GuardedBuffer(int lengthMax)
    {
        int page = Environment.SystemPageSize;
        _usable = (lengthMax + page - 1) / page * page;
        _mapped = (nuint)(_usable + page);
        _start = Map(0, _mapped, ReadWrite, PrivateAnonymous, -1, 0);
        if (_start == Failed || Protect(_start + _usable, (nuint)page, NoAccess) != 0)
            throw new InvalidOperationException("cannot map guarded memory");
    }

    public int LengthMax => _usable;

    /// <summary>The last <paramref name="length"/> bytes before the guard.</summary>
    public Span<byte> Tail(int length) => new((void*)(_start + _usable - length), length);

    public void Dispose()
    {
        if (Unmap(_start, _mapped) != 0) throw new InvalidOperationException("cannot unmap guarded memory");
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
