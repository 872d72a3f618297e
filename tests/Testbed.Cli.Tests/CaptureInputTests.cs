using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Testbed.Wire.Ethernet;
using Testbed.Wire.Files;
using Testbed.Wire.GtpU;
using Testbed.Wire.Ip;
using Testbed.Wire.Packets;
using Testbed.Wire.Transport;

namespace Testbed.Cli.Tests;

/// <summary>How captures reach <c>testbed analyze</c>: in pieces, by pattern, packed, through a pipe.</summary>
public sealed class CaptureInputTests
{
    private const int PacketCount = 300;
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("tb").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Files_that_follow_each_other_give_what_the_whole_gives()
    {
        (string n3, string n6) = (Write("n3.pcapng", true, 0, PacketCount), Write("n6.pcapng", false, 0, PacketCount));
        // Named against the order of time.
        string late = Write("a.pcapng", true, 200, 100), first = Write("z.pcapng", true, 0, 90);
        string middle = Write("m.pcapng", true, 90, 110);
        JsonElement whole = await AnalyzeAsync("--n3", n3, "--n6", n6);
        JsonElement pieces = await AnalyzeAsync("--n3", late, first, middle, "--n6", n6);
        Assert.That(Figures(pieces), Is.EqualTo(Figures(whole)));
        Assert.That(whole.GetProperty("match").GetProperty("matched").GetInt64(), Is.EqualTo(PacketCount));
    }

    [Test]
    public async Task A_quoted_pattern_names_its_files_in_order_of_time()
    {
        Write("seg-b.pcapng", true, 0, 150);
        Write("seg-a.pcapng", true, 150, 150);
        Write("other.pcapng", true, 0, 7);
        JsonElement result = await AnalyzeAsync("--n3", Path.Combine(_folder, "seg-*.pcapng"));
        Assert.That(result.GetProperty("n3").GetProperty("packets").GetInt64(), Is.EqualTo(PacketCount));
        Assert.That(result.GetProperty("gtpu").GetProperty("gpdu").GetInt64(), Is.EqualTo(PacketCount));
    }

    [Test]
    public async Task A_pattern_without_files_is_a_usage_error()
    {
        Ended ended = await Cli.RunAsync("analyze", "--n3", Path.Combine(_folder, "none-*.pcapng"));
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString);
        Assert.That(ended.Error, Does.Contain("none-*.pcapng").And.Contain("no file matches"));
    }

    [Test]
    public async Task Standard_input_is_a_capture_like_any_other([Values] bool isPacked)
    {
        string path = Write("n3.pcapng", true, 0, PacketCount);
        string n6 = Write("n6.pcapng", false, 0, PacketCount);
        byte[] bytes = File.ReadAllBytes(path);
        using Process process = Cli.Start(Cli.Program, "analyze", "--n3", "-", "--n6", n6, "--json");
        Task<Ended> end = Cli.EndAsync(process);
        using (Stream input = process.StandardInput.BaseStream)
        {
            if (isPacked)
            {
                using GZipStream gzip = new(input, CompressionLevel.Fastest);
                gzip.Write(bytes);
            }
            else input.Write(bytes);
        }
        Ended ended = await end;
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString);
        using JsonDocument json = JsonDocument.Parse(ended.Out);
        Assert.That(json.RootElement.GetProperty("match").GetProperty("matched").GetInt64(), Is.EqualTo(PacketCount));
    }

    [Test]
    public async Task Standard_input_cannot_be_two_captures()
    {
        Ended ended = await Cli.RunAsync("analyze", "--n3", "-", "--n6", "-");
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString);
        Assert.That(ended.Error, Does.Contain("once only"));
    }

    [Test]
    public async Task GTP_U_on_a_port_of_its_own_is_found_when_the_port_is_named()
    {
        string path = Write("n3.pcapng", true, 0, 10, port: 12152);
        JsonElement without = await AnalyzeAsync("--n3", path);
        JsonElement with = await AnalyzeAsync("--n3", path, "--gtp-port", "12152");
        Assert.That(without.GetProperty("gtpu").GetProperty("gpdu").GetInt64(), Is.Zero);
        Assert.That(with.GetProperty("gtpu").GetProperty("gpdu").GetInt64(), Is.EqualTo(10));
    }

    [Test]
    public async Task A_port_that_is_none_is_a_usage_error()
    {
        Ended ended = await Cli.RunAsync("analyze", "--n3", Write("n3.pcapng", true, 0, 1), "--gtp-port", "70000");
        Assert.That(ended.ExitCode, Is.EqualTo(2), ended.ToString);
        Assert.That(ended.Error, Does.Contain("--gtp-port"));
    }

    private static string Figures(JsonElement result) => string.Join('\n',
        result.GetProperty("match").GetRawText(), result.GetProperty("gtpu").GetRawText(),
        result.GetProperty("n3").GetRawText(), result.GetProperty("rates").GetRawText());

    private static async Task<JsonElement> AnalyzeAsync(params string[] arguments)
    {
        Ended ended = await Cli.RunAsync([.. arguments.Prepend("analyze"), "--json"]);
        Assert.That(ended.ExitCode, Is.Zero, ended.ToString);
        using JsonDocument json = JsonDocument.Parse(ended.Out);
        return json.RootElement.Clone();
    }

    /// <summary>Uplink packets, one a millisecond: in tunnels as N3 has them, or bare as N6 has them.</summary>
    private string Write(string name, bool isN3, int first, int count, int port = GtpUHeader.Port)
    {
        string path = Path.Combine(_folder, name);
        using FileStream stream = File.Create(path);
        using PcapNgWriter writer = new(stream);
        writer.AddInterface("tap", LinkType.Ethernet, 0);
        for (int i = first; i < first + count; i++)
        {
            byte[] inner = Datagram(0x0A2D0002, 0x0A643D0A, 4000, 5000, BitConverter.GetBytes(i), (ushort)i);
            byte[] packet = isN3 ? Tunnelled(inner, port) : inner;
            byte[] frame = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, EtherType.Ipv4 >> 8, EtherType.Ipv4 & 0xFF, .. packet];
            long timeNs = 1_700_000_000_000_000_000 + i * 1_000_000L + (isN3 ? 0 : 50_000);
            writer.WriteFrame(0, timeNs, frame.Length, frame);
        }
        writer.Flush();
        return path;
    }

    private static byte[] Tunnelled(byte[] inner, int port)
    {
        byte[] message = new byte[64 + inner.Length];
        int header = GtpUHeader.WriteGPdu(message, 1, PduSessionInformation.Uplink(9), inner.Length);
        inner.CopyTo(message, header);
        return Datagram(0x0A64030A, 0x0A640301, port, port, message.AsSpan(0, header + inner.Length), 0);
    }

    private static byte[] Datagram(
        uint source, uint destination, int sourcePort, int destinationPort, ReadOnlySpan<byte> payload, ushort id)
    {
        byte[] packet = new byte[Ipv4Header.LengthMin + UdpHeader.LengthMin + payload.Length];
        int at = Ipv4Header.Write(
            packet, source, destination, IpProtocol.Udp, UdpHeader.LengthMin + payload.Length, id);
        at += UdpHeader.Write(packet.AsSpan(at), sourcePort, destinationPort, payload.Length);
        payload.CopyTo(packet.AsSpan(at));
        return packet;
    }
}
