using System.Runtime.InteropServices;

namespace Testbed.Lab.Native;

/// <summary>
/// Collects packets that lie elsewhere and sends them with one call. The packets must stay where they are until
/// <see cref="Flush"/>. One instance a thread.
/// </summary>
internal sealed unsafe class SendList : IDisposable
{
    private readonly IoVector* _vectors;
    private readonly MessageHeader* _messages;
    private int _fd = -1;
    private int _count;

    public SendList()
    {
        _vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)(ReceiveBatch.Capacity * sizeof(IoVector)));
        _messages = (MessageHeader*)NativeMemory.AllocZeroed((nuint)(ReceiveBatch.Capacity * sizeof(MessageHeader)));
        for (int i = 0; i < ReceiveBatch.Capacity; i++)
            _messages[i] = new() { Vectors = _vectors + i, VectorCount = 1 };
    }

    /// <summary>Packets that the kernel refused.</summary>
    public long RefusedCount { get; private set; }

    public void Add(in Datagram datagram, SendPort port) => Add(datagram.Start, datagram.Length, port);

    /// <param name="start">Must point to memory that does not move.</param>
    public void Add(byte* start, int length, SendPort port)
    {
        if (_count == ReceiveBatch.Capacity || port.Fd != _fd) Flush();
        _fd = port.Fd;
        _vectors[_count] = new() { Base = start, Length = (nuint)length };
        ref MessageHeader message = ref _messages[_count++];
        message.Name = port.Address;
        message.NameLength = port.AddressLength;
        message.Control = port.Control;
        message.ControlLength = port.ControlLength;
    }

    public void Flush()
    {
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
        _count = 0;
    }

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
    }
}
