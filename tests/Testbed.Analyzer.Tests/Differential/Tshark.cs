using System.Diagnostics;
using System.Globalization;
using System.Net;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Tests.Differential;

/// <summary>Lets tshark read a capture and gives what it saw, by frame number.</summary>
internal static class Tshark
{
    private static readonly string[] Fields =
    [
        "frame.number", "frame.protocols", "gtp.message", "gtp.teid", "gtp.ext_hdr.pdu_ses_con.qos_flow_id",
        "gtp.ext_hdr.pdu_ses_con.pdu_type", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "_ws.malformed",
    ];

    private static readonly char[] Commas = [','];

    public static bool IsInstalled()
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo("tshark", "--version")
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            });
            process?.WaitForExit();
            return process is not null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    public static async Task<Dictionary<long, SeenFrame>> ReadAsync(string path)
    {
        ProcessStartInfo start = new("tshark")
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            ArgumentList = { "-n", "-r", path, "-T", "fields" },
        };
        foreach (string field in Fields)
        {
            start.ArgumentList.Add("-e");
            start.ArgumentList.Add(field);
        }
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Dictionary<long, SeenFrame> frames = [];
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            string[] values = line.Split('\t');
            if (values.Length == Fields.Length && Parse(values) is { } seen)
                frames[long.Parse(values[0], CultureInfo.InvariantCulture)] = seen;
        }
        await error;
        await process.WaitForExitAsync();
        return frames;
    }

    private static SeenFrame? Parse(string[] values)
    {
        string[] layers = values[1].Split(':');
        int gtp = Array.IndexOf(layers, "gtp");
        // GTPv1-C has a TEID of its own kind of tunnel; only messages of GTP-U are compared.
        if (gtp < 0 || First(values[2]) is not { } message || First(values[3]) is not { } teid) return null;
        FrameTraits traits = values[10].Length > 0 ? FrameTraits.Malformed : FrameTraits.None;
        if (layers.Count(layer => layer == "gtp") > 1) traits |= FrameTraits.Nested;
        (int version, HostAddress source, HostAddress destination) = Inside(layers, gtp, values);
        return new(
            KindOf(Number(message)), (uint)Number(teid), First(values[4]) is { } qfi ? (int)Number(qfi) : null,
            First(values[5]) is { } type ? Number(type) == 1 : null, version, source, destination, traits);
    }

    // The tool lists the addresses of all IP layers by version; the layer behind GTP is the n-th of its version.
    private static (int, HostAddress, HostAddress) Inside(string[] layers, int gtp, string[] values)
    {
        string inside = gtp + 1 < layers.Length ? layers[gtp + 1] : "";
        if (inside is not ("ip" or "ipv6")) return default;
        int place = layers.Take(gtp).Count(layer => layer == inside);
        string[] sources = values[inside == "ip" ? 6 : 8].Split(Commas);
        string[] destinations = values[inside == "ip" ? 7 : 9].Split(Commas);
        return place < sources.Length && place < destinations.Length
            ? (inside == "ip" ? 4 : 6, Address(sources[place]), Address(destinations[place])) : default;
    }

    private static HostAddress Address(string text) =>
        IPAddress.TryParse(text, out IPAddress? address) ? HostAddress.From(address) : default;

    private static string? First(string values) => values.Length == 0 ? null : values.Split(Commas)[0];

    private static long Number(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? long.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        : long.Parse(text, CultureInfo.InvariantCulture);

    private static string KindOf(long message) => message switch
    {
        255 => "gpdu",
        1 or 2 => "echo",
        26 => "error-indication",
        254 => "end-marker",
        _ => "other",
    };
}
