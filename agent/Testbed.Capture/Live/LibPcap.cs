using System.Reflection;
using System.Runtime.InteropServices;

namespace Testbed.Capture.Live;

/// <summary>The few calls that SharpPcap does not offer without an allocation a packet, or gets wrong.</summary>
/// <remarks>libpcap(3): <c>pcap_dispatch</c>, <c>pcap_stats</c>, <c>pcap_get_selectable_fd</c>.</remarks>
internal static unsafe partial class LibPcap
{
    private const string Library = "testbed-libpcap";

    /// <summary><c>pcap_dispatch</c> was ended by <see cref="BreakLoop"/>.</summary>
    public const int ErrorBreak = -2;

    /// <summary><c>struct pcap_pkthdr</c> where <c>time_t</c> and <c>suseconds_t</c> are of pointer size.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PacketHeader
    {
        public nint Seconds;
        /// <summary>Nanoseconds here: the precision asked for decides, not the field's name in C.</summary>
        public nint Fraction;
        public uint CapturedLength;
        public uint OriginalLength;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Revents;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct SocketFilter
    {
        public ushort Code;
        public byte JumpTrue, JumpFalse;
        public uint K;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct SocketFilterProgram
    {
        public ushort Length;
        public SocketFilter* Filters;
    }

    static LibPcap() => NativeLibrary.SetDllImportResolver(typeof(LibPcap).Assembly, Resolve);

    [LibraryImport(Library, EntryPoint = "pcap_dispatch")]
    public static partial int Dispatch(
        nint pcap, int count, delegate* unmanaged[Cdecl]<nint, PacketHeader*, byte*, void> handler, nint user);

    [LibraryImport(Library, EntryPoint = "pcap_breakloop")]
    public static partial void BreakLoop(nint pcap);

    [LibraryImport(Library, EntryPoint = "pcap_datalink")]
    public static partial int DataLink(nint pcap);

    [LibraryImport(Library, EntryPoint = "pcap_snapshot")]
    public static partial int Snapshot(nint pcap);

    [LibraryImport(Library, EntryPoint = "pcap_get_selectable_fd")]
    public static partial int SelectableDescriptor(nint pcap);

    [LibraryImport(Library, EntryPoint = "pcap_setnonblock")]
    private static partial int SetNonBlocking(nint pcap, int on, byte* error);

    [LibraryImport(Library, EntryPoint = "pcap_stats")]
    private static partial int Stats(nint pcap, uint* three);

    [LibraryImport(Library, EntryPoint = "pcap_geterr")]
    private static partial byte* LastErrorBytes(nint pcap);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, int waitMs);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetSocketOption(int socket, int level, int name, void* value, uint length);

    public static string LastError(nint pcap) => Marshal.PtrToStringUTF8((nint)LastErrorBytes(pcap)) ?? "";

    /// <summary>Makes reads return at once; waiting is <see cref="WaitReadable"/>'s.</summary>
    public static bool TrySetNonBlocking(nint pcap)
    {
        byte* error = stackalloc byte[256];
        return SetNonBlocking(pcap, 1, error) == 0;
    }

    /// <summary>
    /// Counters of <c>struct pcap_stat</c>: three C <c>unsigned int</c>. SharpPcap 6.3.1 reads them as pointer-sized
    /// fields and so reports no drops on 64-bit Linux.
    /// </summary>
    public static bool TryStats(nint pcap, out uint received, out uint dropped)
    {
        // Room beyond three fields: some builds of the structure are longer.
        uint* fields = stackalloc uint[16];
        bool read = Stats(pcap, fields) == 0;
        (received, dropped) = read ? (fields[0], fields[1]) : default;
        return read;
    }

    /// <summary>Waits until frames can be read, at most <paramref name="waitMs"/>; a signal ends it early.</summary>
    public static void WaitReadable(int descriptor, int waitMs)
    {
        const short PollIn = 1;
        PollDescriptor poll = new() { Descriptor = descriptor, Events = PollIn };
        _ = Poll(&poll, 1, waitMs);
    }

    /// <summary>
    /// Tells the kernel to let no further frame into the ring. Unlike <c>pcap_setfilter</c> it leaves what the ring
    /// already holds to be read, so that a stopped capture ends at one point in time and its counters add up.
    /// </summary>
    public static bool TryRefuseFurtherFrames(int descriptor)
    {
        const int SocketLevel = 1, AttachFilter = 26;
        const ushort ReturnConstant = 0x06;
        SocketFilter refuse = new() { Code = ReturnConstant, K = 0 };
        SocketFilterProgram program = new() { Length = 1, Filters = &refuse };
        return SetSocketOption(descriptor, SocketLevel, AttachFilter, &program, (uint)sizeof(SocketFilterProgram)) == 0;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return 0;
        // Debian names the library after its old ABI, other distributions after its version.
        foreach (string candidate in (ReadOnlySpan<string>)["libpcap.so.0.8", "libpcap.so.1", "libpcap.so", "libpcap"])
            if (NativeLibrary.TryLoad(candidate, out nint handle)) return handle;
        return 0;
    }
}
