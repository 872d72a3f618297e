using System.Runtime.InteropServices;
using Testbed.Lab.Records;

namespace Testbed.Lab.Native;

/// <summary>
/// Collects packets that lie elsewhere and sends them with one call. The packets must stay where they are until
/// <see cref="Flush"/>. One instance a thread.
/// </summary>
internal sealed unsafe class SendList : IDisposable
{
    private readonly IoVector* _vectors;
    private readonly MessageHeader* _messages;
    private readonly Arrival[] _arrivals = new Arrival[ReceiveBatch.Capacity];
    private int _fd = -1;
    private int _count;
    private bool _isTimed;

    public SendList()
    {
        _vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)(ReceiveBatch.Capacity * sizeof(IoVector)));
        _messages = (MessageHeader*)NativeMemory.AllocZeroed((nuint)(ReceiveBatch.Capacity * sizeof(MessageHeader)));
        for (int i = 0; i < ReceiveBatch.Capacity; i++)
            _messages[i] = new() { Vectors = _vectors + i, VectorCount = 1 };
    }

    /// <summary>Packets that the kernel refused.</summary>
    public long RefusedCount { get; private set; }

    public void Add(in Datagram datagram, SendPort port, Arrival arrival = default) =>
        Add(datagram.Start, datagram.Length, port, arrival);

    /// <param name="start">Must point to memory that does not move.</param>
    public void Add(byte* start, int length, SendPort port, Arrival arrival = default)
    {
        if (_count == ReceiveBatch.Capacity || port.Fd != _fd) Flush();
        _fd = port.Fd;
        _arrivals[_count] = arrival;
        _isTimed |= arrival.Transit is not null;
        _vectors[_count] = new() { Base = start, Length = (nuint)length };
        ref MessageHeader message = ref _messages[_count++];
        message.Name = port.Address;
        message.NameLength = port.AddressLength;
        message.Control = port.Control;
        message.ControlLength = port.ControlLength;
    }

    public void Flush()
    {
        long begunUnixNs = _isTimed ? NowUnixNs : 0;
        int sent = 0;
        while (sent < _count)
        {
            int result = Libc.SendMany(_fd, _messages + sent, (uint)(_count - sent), 0);
            if (result > 0)
            {
                sent += result;
                continue;
            }
            if (Marshal.GetLastPInvokeError() == LinuxConstants.ErrorInterrupted) continue;
            // The first of the rest is the one that was refused: step over it.
            RefusedCount++;
            sent++;
        }
        if (_isTimed) NoteTransit(begunUnixNs);
        _isTimed = false;
        _count = 0;
    }

    // The kernel sends one after the other: a tap sees the first of a call long before the call returns.
    private void NoteTransit(long begunUnixNs)
    {
        long tookNs = NowUnixNs - begunUnixNs;
        for (int i = 0; i < _count; i++)
            _arrivals[i].Transit?.Record(begunUnixNs + tookNs * (i + 1) / _count - _arrivals[i].UnixNs);
    }

    private static long NowUnixNs => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
    }
}
