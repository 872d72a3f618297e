using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Cli.Tests;

/// <summary><c>testbed analyze --follow</c> on files that grow, rings that turn, and writers that die.</summary>
public sealed partial class FollowTests
{
    private const int Interrupt = 2;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("tb").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task A_file_that_grows_is_read_on_and_a_half_block_is_no_error_until_the_end()
    {
        string path = Path.Combine(_folder, "n3.pcapng");
        byte[] whole = Capture(30), half = Capture(20);
        File.WriteAllBytes(path, half);
        using Process process = Start(path);
        await UntilAsync(process, json => Packets(json) == 20 && Findings(json) == 0);
        // The writer is in the middle of a block.
        File.WriteAllBytes(path, whole[..^10]);
        await UntilAsync(process, json => Packets(json) == 29 && Findings(json) == 0);
        JsonElement last = await InterruptAsync(process);
        Assert.That(Packets(last), Is.EqualTo(29));
        Assert.That(last.GetProperty("findings").GetRawText(), Does.Contain("breaks off"));
        Assert.That(process.ExitCode, Is.EqualTo(130));
    }

    [Test]
    public async Task A_ring_is_followed_as_segments_come_and_go()
    {
        string pattern = Path.Combine(_folder, "seg-*.pcapng");
        using Process process = Start(pattern);
        File.WriteAllBytes(Path.Combine(_folder, "seg-1.pcapng"), Capture(10));
        await UntilAsync(process, json => Packets(json) == 10);
        File.WriteAllBytes(Path.Combine(_folder, "seg-2.pcapng"), Capture(7, first: 10));
        File.WriteAllBytes(Path.Combine(_folder, "seg-3.pcapng"), []);
        await UntilAsync(process, json => Packets(json) == 17);
        File.Delete(Path.Combine(_folder, "seg-1.pcapng"));
        await UntilAsync(process, json => Packets(json) == 7);
        JsonElement last = await InterruptAsync(process);
        Assert.That(Packets(last), Is.EqualTo(7));
        Assert.That(process.ExitCode, Is.EqualTo(130));
    }

    [Test]
    public async Task Standard_input_and_odd_intervals_are_usage_errors()
    {
        Ended ended = await Cli.RunAsync("analyze", "--follow", "--n3", "-");
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString);
        string path = Path.Combine(_folder, "n3.pcapng");
        File.WriteAllBytes(path, Capture(1));
        ended = await Cli.RunAsync("analyze", "--follow", "--n3", path, "--interval", "0");
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString);
        Assert.That(ended.Error, Does.Contain("--interval"));
    }

    [Test]
    public async Task Text_is_refused_while_following_too()
    {
        string path = Path.Combine(_folder, "notes.pcapng");
        File.WriteAllText(path, "these are notes and no packets, however long they become");
        Ended ended = await Cli.RunAsync("analyze", "--follow", "--n3", path);
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString);
        Assert.That(ended.Error, Does.Contain("no capture"));
    }

    private static Process Start(string path) =>
        Cli.Start(Cli.Program, "analyze", "--follow", "--interval", "1", "--json", "--quiet", "--n3", path);

    private static async Task UntilAsync(Process process, Func<JsonElement, bool> holds)
    {
        using CancellationTokenSource limit = new(Deadline);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            if (holds(Parse(line))) return;
        Assert.Fail($"the command ended: {await process.StandardError.ReadToEndAsync(limit.Token)}");
    }

    private static async Task<JsonElement> InterruptAsync(Process process)
    {
        Assert.That(Kill(process.Id, Interrupt), Is.Zero);
        using CancellationTokenSource limit = new(Deadline);
        string last = "";
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line) last = line;
        await process.WaitForExitAsync(limit.Token);
        return Parse(last);
    }

    private static JsonElement Parse(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.Clone();
    }

    private static long Packets(JsonElement json) => json.GetProperty("n3").GetProperty("packets").GetInt64();

    private static int Findings(JsonElement json) => json.GetProperty("findings").GetArrayLength();

    private static byte[] Capture(int count, int first = 0)
    {
        using MemoryStream stream = new();
        using (PcapNgWriter writer = new(stream))
        {
            writer.AddInterface("tap", LinkType.Ethernet);
            byte[] frame = new byte[60];
            frame[12] = 8;
            for (int i = first; i < first + count; i++)
                writer.WriteFrame(0, 1_700_000_000_000_000_000 + i * 1_000_000L, frame.Length, frame);
            writer.Flush();
        }
        return stream.ToArray();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
