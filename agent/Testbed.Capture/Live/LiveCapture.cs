using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SharpPcap.LibPcap;
using Testbed.Wire.Packets;

namespace Testbed.Capture.Live;

/// <summary>
/// Frames from an interface, with nanosecond stamps of the kernel. From the moment that <see cref="Open"/> returns no
/// frame passes unseen: what is not kept is counted. One thread reads; <see cref="Stop"/> and
/// <see cref="Counters"/> may be called from any.
/// </summary>
public sealed unsafe class LiveCapture : IPacketSource
{
    private const int WaitMs = 50;
    private const int DrainMsMax = 2_000;

    private readonly LibPcapLiveDevice _device;
    private readonly nint _pcap;
    private readonly int _descriptor;
    private readonly string _interface;
    private readonly int _quietAfterStopMs;
    private readonly long? _interfaceLostAtStart;
    private readonly byte[] _held;
    private readonly Lock _statistics = new();
    private GCHandle _self;
    private PacketBatch? _batch;
    private Exception? _failure;
    private LibPcap.PacketHeader _heldHeader;
    private bool _holds;
    private long _captured;
    private long _interfaceLost;
    private UnwrappedCounter _received, _dropped;
    private long _statsReadAtMs;
    private volatile bool _stopping;
    private bool _refusing;
    private bool _closed;
    private long _quietSinceMs;
    private long _drainEndsMs;

    internal LiveCapture(LibPcapLiveDevice device, LiveCaptureOptions options)
    {
        _device = device;
        _interface = options.Interface;
        _pcap = device.Handle.DangerousGetHandle();
        _descriptor = LibPcap.SelectableDescriptor(_pcap);
        _held = new byte[Math.Max(LibPcap.Snapshot(_pcap), 1)];
        _interfaceLostAtStart = InterfaceCounters.ReadLost(_interface);
        // A block that the kernel is filling is handed over within one gathering time; timers are coarse.
        _quietAfterStopMs = 3 * options.GatherMs + 30;
        _self = GCHandle.Alloc(this);
        Interfaces = [new(0, options.Interface, (LinkType)LibPcap.DataLink(_pcap), options.SnapLength)];
    }

    public IReadOnlyList<CaptureInterface> Interfaces { get; }

    /// <summary>Starts to capture. Faults are <see cref="CaptureException"/>s that say what to do.</summary>
    public static LiveCapture Open(LiveCaptureOptions options) => LiveCaptureOpener.Open(options);

    /// <summary>
    /// Appends what is at hand and waits at most 50 ms when that is nothing. False after <see cref="Stop"/>, once
    /// the kernel's ring is empty. Allocates nothing.
    /// </summary>
    public bool Fill(PacketBatch batch)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_stopping && !_refusing) BeginDrain();
        int before = batch.Count;
        if (!AddHeld(batch)) return true;
        if (Read(batch) == 0)
        {
            LibPcap.WaitReadable(_descriptor, WaitMs);
            Read(batch);
        }
        long nowMs = Environment.TickCount64;
        if (nowMs - _statsReadAtMs > 1_000) RefreshStatistics();
        if (batch.Count > before || _holds) _quietSinceMs = nowMs;
        return !_refusing || _holds || (nowMs - _quietSinceMs < _quietAfterStopMs && nowMs < _drainEndsMs);
    }

    /// <summary>Lets no further frame in; <see cref="Fill"/> hands out what the kernel holds and then ends.</summary>
    public void Stop() => _stopping = true;

    public CaptureCounters Counters
    {
        get
        {
            if (!_closed) RefreshStatistics();
            lock (_statistics)
            {
                return new(Volatile.Read(ref _captured), _received.Total, _dropped.Total, _interfaceLost,
                    _interfaceLostAtStart is not null);
            }
        }
    }

    public void Dispose()
    {
        if (_closed) return;
        RefreshStatistics();
        lock (_statistics)
        {
            _closed = true;
            _device.Close();
            _self.Free();
        }
    }

    private void BeginDrain()
    {
        _refusing = true;
        _quietSinceMs = Environment.TickCount64;
        // Where the kernel does not take the filter the ring goes on filling: then Fill ends at the first lull.
        _drainEndsMs = LibPcap.TryRefuseFurtherFrames(_descriptor) ? long.MaxValue : _quietSinceMs + DrainMsMax;
    }

    private bool AddHeld(PacketBatch batch)
    {
        if (!_holds) return true;
        ReadOnlySpan<byte> frame = _held.AsSpan(0, (int)_heldHeader.CapturedLength);
        if (!Add(batch, _heldHeader, frame)) return false;
        _holds = false;
        return true;
    }

    private int Read(PacketBatch batch)
    {
        int room = batch.Capacity - batch.Count;
        if (room == 0) return 0;
        int before = batch.Count;
        _batch = batch;
        int result = LibPcap.Dispatch(_pcap, room, &OnFrame, GCHandle.ToIntPtr(_self));
        _batch = null;
        if (_failure is not null) throw new InvalidOperationException("A frame could not be stored.", _failure);
        if (result is < 0 and not LibPcap.ErrorBreak)
        {
            string error = LibPcap.LastError(_pcap);
            throw new CaptureException(CaptureFault.DeviceFailed, $"接口 {_interface} 采集中断：{error}",
                $"Capture on {_interface} broke off: {error}.", "请确认接口仍然存在且已启用。",
                "Check that the interface is still there and up.");
        }
        return batch.Count - before;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnFrame(nint user, LibPcap.PacketHeader* header, byte* data)
    {
        // An exception must not cross into C.
        LiveCapture self = Unsafe.As<LiveCapture>(GCHandle.FromIntPtr(user).Target!);
        try
        {
            self.Accept(*header, new(data, (int)header->CapturedLength));
        }
        catch (Exception e)
        {
            self._failure = e;
            LibPcap.BreakLoop(self._pcap);
        }
    }

    private void Accept(in LibPcap.PacketHeader header, ReadOnlySpan<byte> frame)
    {
        if (Add(_batch!, header, frame)) return;
        // The slab is full before the slots are: keep this frame for the next batch, and read no further.
        frame.CopyTo(_held);
        _heldHeader = header;
        _holds = true;
        LibPcap.BreakLoop(_pcap);
    }

    private bool Add(PacketBatch batch, in LibPcap.PacketHeader header, ReadOnlySpan<byte> frame)
    {
        long timestampNs = header.Seconds * 1_000_000_000L + header.Fraction;
        if (!batch.TryAdd(frame, (int)header.OriginalLength, timestampNs, 0, _captured + 1)) return false;
        Volatile.Write(ref _captured, _captured + 1);
        return true;
    }

    private void RefreshStatistics()
    {
        lock (_statistics)
        {
            if (_closed) return;
            if (LibPcap.TryStats(_pcap, out uint received, out uint dropped))
            {
                _received.Advance(received);
                _dropped.Advance(dropped);
            }
            if (_interfaceLostAtStart is { } start && InterfaceCounters.ReadLost(_interface) is { } now)
                _interfaceLost = Math.Max(_interfaceLost, now - start);
            _statsReadAtMs = Environment.TickCount64;
        }
    }
}
