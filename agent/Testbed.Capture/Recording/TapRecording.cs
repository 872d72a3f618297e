using System.Threading.Channels;
using Testbed.Capture.Live;
using Testbed.Wire.Packets;

namespace Testbed.Capture.Recording;

/// <summary>
/// A live capture on its way to disk: one thread empties the kernel's ring, another writes. Between them wait a
/// bounded number of batches; when the disk is slower for longer, the ring fills and the kernel counts what it drops.
/// </summary>
public sealed class TapRecording
{
    private const int BatchesWaiting = 32;
    private const int BatchFrames = 1024;
    private const int SlabBytes = 512 << 10;
    private const int DiskFullErrno = 28; // ENOSPC
    private const int QuotaErrno = 122; // EDQUOT

    private readonly LiveCapture _capture;
    private readonly SegmentRecorder _recorder;
    private readonly PacketBatchPool _pool = new(BatchFrames, SlabBytes, BatchesWaiting + 2);
    private readonly Channel<PacketBatch> _batches = Channel.CreateBounded<PacketBatch>(
        new BoundedChannelOptions(BatchesWaiting) { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource<RecordingSummary> _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TapRecording(LiveCapture capture, SegmentRecorder recorder)
    {
        _capture = capture;
        _recorder = recorder;
    }

    /// <summary>Comes at the end of everything, also of a recording that broke off; only then may the caller dispose
    /// of the capture.</summary>
    public Task<RecordingSummary> Completion => _completion.Task;

    public static TapRecording Start(LiveCapture capture, SegmentRecorder recorder)
    {
        TapRecording recording = new(capture, recorder);
        string name = capture.Interfaces[0].Name;
        Thread reader = new(recording.Read) { IsBackground = true, Name = $"capture {name}" };
        reader.Start();
        new Thread(() => recording.Write(reader)) { IsBackground = true, Name = $"record {name}" }.Start();
        return recording;
    }

    /// <summary>Ends the capture; what the kernel holds is still written.</summary>
    public void Stop() => _capture.Stop();

    private void Read()
    {
        Exception? failure = null;
        try
        {
            bool more = true;
            while (more)
            {
                PacketBatch batch = _pool.Rent();
                more = _capture.Fill(batch);
                // An empty batch goes on too: it tells the writer that time passes.
                if (Hand(batch)) continue;
                batch.Dispose();
                break;
            }
        }
        catch (Exception e)
        {
            failure = e;
        }
        _batches.Writer.TryComplete(failure);
    }

    private bool Hand(PacketBatch batch)
    {
        while (!_batches.Writer.TryWrite(batch))
            if (!_batches.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult()) return false;
        return true;
    }

    private void Write(Thread reader)
    {
        try
        {
            CaptureException? failure = WriteAll();
            // Also after a failure the reading thread must be gone before the capture may be disposed of.
            _batches.Writer.TryComplete();
            _capture.Stop();
            reader.Join();
            _completion.TrySetResult(_recorder.Summary(_capture.Counters, failure));
        }
        catch (Exception e)
        {
            _completion.TrySetException(e);
        }
    }

    /// <summary>Writes until the reading thread ends; null, or what broke it off.</summary>
    private CaptureException? WriteAll()
    {
        try
        {
            CaptureException? failure = WriteBatches();
            _recorder.Close();
            return failure;
        }
        catch (IOException e) when (e.HResult is DiskFullErrno or QuotaErrno)
        {
            return new(CaptureFault.DiskFull, "磁盘已满，采集中断。", "The disk is full; the capture broke off.",
                "请释放空间或另选暂存目录。", "Free space or choose another spool folder.", e);
        }
        catch (IOException e)
        {
            return new(CaptureFault.StorageFailed, $"采集文件无法写入：{e.Message}",
                $"A capture file could not be written: {e.Message}.", "", "", e);
        }
    }

    private CaptureException? WriteBatches()
    {
        ChannelReader<PacketBatch> batches = _batches.Reader;
        try
        {
            while (batches.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
                while (batches.TryRead(out PacketBatch? batch))
                    using (batch) _recorder.Write(batch);
            return null;
        }
        catch (CaptureException e)
        {
            return e;
        }
    }
}
