using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Testbed.Benchmarks.Live;

/// <summary>What was really sent, and over how long.</summary>
internal readonly record struct Sent(long Frames, double Seconds)
{
    public double Rate => Seconds > 0 ? Frames / Seconds : 0;
}

/// <summary>
/// Sends frames from an interface at a steady rate, many a system call (<c>sendmmsg(2)</c> on a packet socket that
/// passes the queueing discipline by, packet(7)).
/// </summary>
internal static unsafe partial class FrameSender
{
    private const int AddressFamilyPacket = 17, SocketRaw = 3, SocketLevelPacket = 263, QdiscBypass = 20;
    private const int BatchMax = 64;
    private const int NoBuffers = 105; // ENOBUFS
    private const int Interrupted = 4; // EINTR

    [StructLayout(LayoutKind.Sequential)]
    private struct Address
    {
        public ushort Family, Protocol;
        public int Interface;
        public ushort HardwareType;
        public byte PacketType, Length;
        public ulong Hardware;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        public byte* Bytes;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
        public uint Sent;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int OpenSocket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, Address* address, uint length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int socket, int level, int name, int* value, uint length);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    private static partial int SendMany(int socket, Message* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint IndexOf(string name);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    /// <summary>Sends the frames over and over until so many are out; as fast as it goes when the rate is 0.</summary>
    public static Sent Run(string interfaceName, IReadOnlyList<byte[]> frames, long count, double framesPerSecond)
    {
        int socket = Check(OpenSocket(AddressFamilyPacket, SocketRaw, 0), "socket");
        try
        {
            int on = 1;
            Check(SetOption(socket, SocketLevelPacket, QdiscBypass, &on, sizeof(int)), "PACKET_QDISC_BYPASS");
            // No protocol: a packet socket that only sends.
            Address address = new() { Family = AddressFamilyPacket, Interface = (int)IndexOf(interfaceName) };
            Check(Bind(socket, &address, 20), $"bind to {interfaceName}");
            return Send(socket, frames, count, framesPerSecond);
        }
        finally
        {
            _ = Close(socket);
        }
    }

    /// <summary>
    /// Several at once share the frames and the rate between them; as many senders as processors leave the capture none
    /// of its own.
    /// </summary>
    public static Sent Run(
        string interfaceName, IReadOnlyList<byte[]> frames, long count, double framesPerSecond, int senders)
    {
        Sent[] parts = new Sent[senders];
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, senders).Select(sender => new Thread(() =>
        {
            try
            {
                parts[sender] = Run(interfaceName, frames, count / senders, framesPerSecond / senders);
            }
            catch (BenchException refused)
            {
                failure = refused;
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        if (failure is not null) throw failure;
        return new(parts.Sum(part => part.Frames), parts.Max(part => part.Seconds));
    }

    private static Sent Send(int socket, IReadOnlyList<byte[]> frames, long count, double framesPerSecond)
    {
        byte[] slab = GC.AllocateUninitializedArray<byte>(frames.Sum(frame => frame.Length), pinned: true);
        Vector[] vectors = GC.AllocateArray<Vector>(frames.Count, pinned: true);
        // The list once more at its end, so that a batch never has to wrap.
        Message[] messages = GC.AllocateArray<Message>(frames.Count + BatchMax, pinned: true);
        fixed (byte* bytes = slab)
        fixed (Vector* vector = vectors)
        fixed (Message* message = messages)
        {
            int at = 0;
            for (int i = 0; i < frames.Count; i++)
            {
                frames[i].CopyTo(slab, at);
                vector[i] = new() { Bytes = bytes + at, Length = (nuint)frames[i].Length };
                at += frames[i].Length;
            }
            for (int i = 0; i < messages.Length; i++)
                message[i] = new() { Vectors = vector + i % frames.Count, VectorCount = 1 };
            long started = Stopwatch.GetTimestamp(), sent = 0;
            while (sent < count)
            {
                double due = framesPerSecond == 0
                    ? count : Stopwatch.GetElapsedTime(started).TotalSeconds * framesPerSecond;
                int batch = (int)Math.Min(Math.Min(BatchMax, count - sent), (long)due - sent);
                if (batch <= 0)
                {
                    Thread.SpinWait(20);
                    continue;
                }
                int done = SendMany(socket, message + sent % frames.Count, (uint)batch, 0);
                if (done > 0) sent += done;
                else if (Marshal.GetLastPInvokeError() is not (NoBuffers or Interrupted)) Check(done, "sendmmsg");
            }
            return new(sent, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    private static int Check(int result, string call) => result >= 0 ? result
        : throw new BenchException($"{call}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
}
