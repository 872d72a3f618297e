using System.Buffers.Binary;
using System.Text.Json;
using Testbed.Conformance.Reports.Text;

namespace Testbed.Cli.Tests;

public sealed class AnalyzeCommandTests
{
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("tb").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task A_missing_file_is_named() =>
        await RefusedAsync(Path.Combine(_folder, "none.pcap"), "does not exist");

    [Test]
    public async Task A_folder_is_no_file() => await RefusedAsync(_folder, "is a folder");

    [Test]
    public async Task An_empty_file_is_no_capture() => await RefusedAsync(Write("empty.pcap", []), "no capture");

    [Test]
    public async Task Text_is_no_capture() =>
        await RefusedAsync(Write("notes.pcap", "these are notes, not packets"u8.ToArray()), "no capture");

    [Test]
    public async Task A_header_cut_short_is_no_capture() =>
        await RefusedAsync(Write("cut.pcap", EmptyCapture()[..15]), "cut.pcap");

    [Test]
    public async Task A_file_that_may_not_be_read_is_named()
    {
        if (OperatingSystem.IsWindows()) return;
        string path = Write("secret.pcap", EmptyCapture());
        File.SetUnixFileMode(_folder, UnixFileMode.OtherExecute | UnixFileMode.UserRead | UnixFileMode.UserWrite
            | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        File.SetUnixFileMode(path, UnixFileMode.None);
        if (await Cli.RunAsNobodyAsync("analyze", "--n3", path) is not { } ended)
        {
            Assert.Ignore("this machine cannot run the command as a user without capabilities");
            return;
        }
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString);
        Assert.That(ended.Error, Does.Contain("secret.pcap").And.Contain("example"));
    }

    [Test]
    public async Task No_file_at_all_is_told_with_an_example()
    {
        Ended ended = await Cli.RunAsync("analyze");
        Assert.That(ended.ExitCode, Is.EqualTo(2));
        Assert.That(ended.Error, Does.Contain("--n3"));
    }

    [Test]
    public async Task The_json_has_the_names_that_other_tools_rely_on()
    {
        string path = Write("n3.pcap", EmptyCapture());
        Ended ended = await Cli.RunAsync("analyze", "--n3", path, "--n6", path, "--json");
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString);
        using JsonDocument json = JsonDocument.Parse(ended.Out);
        JsonElement root = json.RootElement;
        foreach (string tap in new[] { "n3", "n6" })
            Assert.That(Names(root.GetProperty(tap)), Is.SupersetOf(
                new[] { "packets", "bytes", "firstNs", "lastNs", "decoded", "notDecoded" }));
        Assert.That(Names(root.GetProperty("gtpu")), Is.SupersetOf(new[]
        {
            "gpdu", "echo", "errorIndication", "endMarker", "tunnels", "ues", "qfis", "uplink", "downlink",
        }));
        JsonElement match = root.GetProperty("match");
        Assert.That(Names(match), Is.SupersetOf(new[]
        {
            "matched", "onlyN3", "onlyN6", "ambiguous", "nat", "unmatched", "uplink", "downlink",
        }));
        foreach (string direction in new[] { "uplink", "downlink" })
            Assert.That(Names(match.GetProperty(direction)), Is.SupersetOf(
                new[] { "matched", "lost", "duplicated", "reordered", "delayNs" }));
        Assert.That(Names(root), Is.SupersetOf(new[] { "slices", "rates", "elapsedMs", "packetsPerSecond" }));
    }

    [Test]
    public async Task A_real_capture_gives_delays_in_json_and_series_in_csv()
    {
        string folder = Path.Combine(RepositoryParent(), "shared", "captures", "open5gs", "1-baseline");
        if (!Directory.Exists(folder)) Assert.Ignore("the captures with known answers are not here");
        string csv = Path.Combine(_folder, "out.csv");
        Ended ended = await Cli.RunAsync("analyze", "--n3", Path.Combine(folder, "n3.pcap"), "--n6",
            Path.Combine(folder, "n6a.pcap"), Path.Combine(folder, "n6b.pcap"), "--json", "--series", csv);
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString);
        using JsonDocument json = JsonDocument.Parse(ended.Out);
        JsonElement delay = json.RootElement.GetProperty("match").GetProperty("uplink").GetProperty("delayNs");
        Assert.That(Names(delay), Is.SupersetOf(new[] { "min", "mean", "p50", "p90", "p99", "p999", "max" }));
        string[] lines = File.ReadAllLines(csv);
        Assert.That(lines[0], Does.StartWith("start_utc,start_ns,interval_ms,direction,slice,n3_packets,"
            + "n3_inner_rate_mbit_s,").And.EndsWith(",delay_max_us"));
        // 21 seconds, two directions.
        Assert.That(lines, Has.Length.EqualTo(1 + 21 * 2));
        Assert.That(json.RootElement.TryGetProperty("details", out _), Is.False, "not asked for");
    }

    [Test]
    public async Task A_control_plane_alone_is_told_as_table_and_as_json()
    {
        string capture = Path.Combine(RepositoryParent(), "shared", "captures", "public", "tel5gtv__free5gc.pcap");
        if (!File.Exists(capture)) Assert.Ignore("the captures with known answers are not here");
        Ended table = await Cli.RunAsync("analyze", "--n2", capture, "--lang", "zh-CN");
        Assert.That(table.Out, Does.Contain("20893-000102/24").And.Contain("PDU 会话").And.Contain("nsmf-pdusession")
            .And.Not.Contain("imsi").And.Not.Contain("GTP-U"), table.ToString);
        Ended ended = await Cli.RunAsync("analyze", "--n2", capture, "--json");
        using JsonDocument json = JsonDocument.Parse(ended.Out);
        JsonElement n2 = json.RootElement.GetProperty("n2");
        Assert.That(n2.GetProperty("sessions").GetProperty("setUp").GetInt32(), Is.EqualTo(1));
        Assert.That(n2.GetProperty("procedures").GetProperty("ngSetup").GetInt32(), Is.EqualTo(2));
        JsonElement services = json.RootElement.GetProperty("sbi").GetProperty("services");
        Assert.That(services.GetProperty("nudr-dr").GetProperty("requests").GetInt32(), Is.EqualTo(11));
    }

    [TestCase("en", "top talkers: shown 2 of 107", "UEs: shown 2 of 6", "tap-server-tap us")]
    [TestCase("zh-CN", "流量最大的会话流：共 107，列出 2", "终端：共 6，列出 2", "至服务器往返 微秒")]
    public async Task Details_fit_a_terminal_of_80_columns(string language, params string[] parts)
    {
        string folder = Path.Combine(RepositoryParent(), "shared", "captures", "open5gs", "1-baseline");
        if (!Directory.Exists(folder)) Assert.Ignore("the captures with known answers are not here");
        Ended ended = await Cli.RunAsync("analyze", "--n3", Path.Combine(folder, "n3.pcap"), "--n6",
            Path.Combine(folder, "n6a.pcap"), Path.Combine(folder, "n6b.pcap"), "--n4",
            Path.Combine(folder, "n4-pfcp.pcap"), "--details", "--top", "2", "--lang", language);
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString);
        foreach (string part in parts) Assert.That(ended.Out, Does.Contain(part));
        foreach (string line in ended.Out.Split('\n'))
            Assert.That(ColumnText.Columns(line), Is.LessThanOrEqualTo(80), line);
    }

    [TestCase("0")]
    [TestCase("100001")]
    public async Task A_list_of_no_length_is_refused(string top)
    {
        Ended ended = await Cli.RunAsync("analyze", "--n3", Write("n3.pcap", EmptyCapture()), "--top", top);
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString);
        Assert.That(ended.Error, Does.Contain("--top"));
    }

    [Test]
    public async Task Details_of_nothing_are_empty_and_no_fault()
    {
        Ended ended = await Cli.RunAsync(
            "analyze", "--n3", Write("n3.pcap", EmptyCapture()), "--details", "--json",
            "--series", Path.Combine(_folder, "none.csv"));
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString);
        using JsonDocument json = JsonDocument.Parse(ended.Out);
        JsonElement details = json.RootElement.GetProperty("details");
        Assert.That(Names(details), Is.SupersetOf(new[]
        {
            "point", "ues", "tunnels", "qosFlows", "dnns", "flows", "lossBursts", "tcp",
        }));
        Assert.That(details.GetProperty("ues").GetProperty("total").GetInt64(), Is.Zero);
        Assert.That(File.ReadAllLines(Path.Combine(_folder, "none.csv")), Has.Length.EqualTo(1));
    }

    private static async Task RefusedAsync(string path, string reason)
    {
        Ended ended = await Cli.RunAsync("analyze", "--n3", path);
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString);
        Assert.That(ended.Error, Does.Contain(path).And.Contain(reason).And.Contain("example"));
        Assert.That(ended.Error, Does.Not.Contain("   at "));
    }

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>A classic pcap file header with nanosecond stamps and Ethernet, and no frame.</summary>
    private static byte[] EmptyCapture()
    {
        byte[] header = new byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B23C4D);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), 65_535);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), 1);
        return header;
    }

    private static IEnumerable<string> Names(JsonElement element) =>
        element.EnumerateObject().Select(each => each.Name);

    private static string RepositoryParent()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Testbed.sln"))) folder = Path.GetDirectoryName(folder)!;
        return Path.GetDirectoryName(folder)!;
    }
}
