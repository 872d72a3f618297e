using System.Diagnostics;
using System.Net;
using Testbed.Capture.Live;
using Testbed.Capture.Recording;
using Testbed.Capture.Tests.Live;

namespace Testbed.Capture.Tests.Recording;

public class TapRecordingTests
{
    private static readonly IPEndPoint Discard = new(IPAddress.Loopback, 4789);

    private static (TapRecording Recording, LiveCapture Capture) Start(ISegmentStore store)
    {
        LiveCapture capture = LiveCapture.Open(new() { Interface = "lo", Filter = "udp port 4789" });
        SegmentRecorder recorder = new("n3-lo", "kit-a n3", capture.Interfaces[0], store, () => capture.Counters,
            new() { Bytes = 200_000 }, TimeProvider.System);
        return (TapRecording.Start(capture, recorder), capture);
    }

    [Test]
    public void Whatever_was_sent_before_the_stop_is_in_the_segments() => OwnNetwork.Run(() =>
    {
        MemoryStore store = new();
        (TapRecording recording, LiveCapture capture) = Start(store);
        LiveCaptureTests.Send(10_000, Discard);
        recording.Stop();
        RecordingSummary summary = recording.Completion.GetAwaiter().GetResult();
        capture.Dispose();
        Assert.Multiple(() =>
        {
            Assert.That(summary.Failure, Is.Null);
            Assert.That(summary.Counters.Captured, Is.EqualTo(10_000));
            Assert.That(summary.SegmentCount, Is.EqualTo(store.Sealed.Count).And.GreaterThan(5));
            Assert.That(store.Sealed.Sum(facts => facts.Packets), Is.EqualTo(10_000));
            Assert.That(summary.LastNs, Is.GreaterThan(summary.FirstNs).And.Positive);
        });
    });

    [Test]
    public void A_full_disk_ends_the_recording_with_its_cause() => OwnNetwork.Run(() =>
    {
        MemoryStore store = new(roomBytes: 400_000);
        (TapRecording recording, LiveCapture capture) = Start(store);
        LiveCaptureTests.Send(10_000, Discard);
        RecordingSummary summary = recording.Completion.GetAwaiter().GetResult();
        capture.Dispose();
        Assert.That(summary.Failure?.Fault, Is.EqualTo(CaptureFault.DiskFull));
        Assert.That(summary.SegmentCount, Is.EqualTo(store.Sealed.Count).And.Positive);
    });

    [Test]
    public void Capinfos_and_tshark_accept_the_segments() => OwnNetwork.Run(() =>
    {
        MemoryStore store = new();
        (TapRecording recording, LiveCapture capture) = Start(store);
        LiveCaptureTests.Send(100, Discard);
        recording.Stop();
        recording.Completion.GetAwaiter().GetResult();
        capture.Dispose();
        string path = Path.Combine(Path.GetTempPath(), $"testbed-{Guid.NewGuid():n}.pcapng");
        File.WriteAllBytes(path, store.Bytes("n3-lo-0000.pcapng"));
        try
        {
            string infos = Run("capinfos", "-M", path);
            Assert.That(infos, Does.Contain("nanoseconds").And.Contain("Name = lo").And.Contain("kit-a n3"));
            Assert.That(infos, Does.Contain("Number of packets:   100").And.Contain("Number of stat entries = 1"));
            string[] lines = Run("tshark", "-r", path, "-T", "fields", "-e", "udp.dstport").Split('\n');
            Assert.That(lines.Count(line => line == "4789"), Is.EqualTo(100));
        }
        finally
        {
            File.Delete(path);
        }
    });

    private static string Run(string tool, params string[] arguments)
    {
        using Process process = new()
        {
            StartInfo = new(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore($"{tool} is not installed.");
        }
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output);
        return output;
    }
}
