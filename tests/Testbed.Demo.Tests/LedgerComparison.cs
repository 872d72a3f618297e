using System.Text.Json;

namespace Testbed.Demo.Tests;

/// <summary>
/// One direction through the UPF as the analyzer found it in a demo's segments, and as the lab's UPF counted it.
/// </summary>
internal sealed record LedgerComparison(
    long Entered, long Lost, long DelayP50Ns, long LedgerEntered, long LedgerLost, long LedgerDelayP50Ns)
{
    /// <summary>The lab's own UEs send some 20 packets a second, also when the captures are closed already.</summary>
    public const long OutsideCapturesMax = 100;
    /// <summary>Why a packet that came to the UPF did not leave it.</summary>
    private static readonly string[] LossCauses = ["upfLost", "rateDropped", "linkDropped", "unrouted"];

    public static async Task<LedgerComparison> OfAsync(Demo demo, string direction)
    {
        CommandResult analysis = await Launcher.TestbedAsync(TimeSpan.FromMinutes(2),
            ["analyze", "--n3", .. demo.Segments("n3-*"), "--n6", .. demo.Segments("n6-*"), "--json"]);
        if (analysis.ExitCode != 0) throw new InvalidOperationException(analysis.ToString());
        using JsonDocument ours = JsonDocument.Parse(analysis.Output);
        using JsonDocument ledger = JsonDocument.Parse(
            await File.ReadAllBytesAsync(Path.Combine(demo.Folder, "lab-ledger.json")));
        JsonElement match = ours.RootElement.GetProperty("match").GetProperty(direction);
        long matched = match.GetProperty("matched").GetInt64(), lost = match.GetProperty("lost").GetInt64();
        JsonElement[] sessions = [.. ledger.RootElement.GetProperty("sessions").EnumerateArray()
            .Select(session => session.GetProperty(direction))];
        // G-PDUs to tunnels that do not exist enter N3 and leave nowhere: the kit sends them on purpose (E2E-005), and
        // no session counts them.
        long unknown = direction == "uplink"
            && ledger.RootElement.GetProperty("events")
                .TryGetProperty("upf n3: G-PDU for an unknown tunnel", out JsonElement count)
            ? count.GetInt64() : 0;
        return new(
            matched + lost, lost - unknown, match.GetProperty("delayNs").GetProperty("p50").GetInt64(),
            sessions.Sum(session => session.GetProperty("upfIn").GetProperty("packets").GetInt64()) + unknown,
            sessions.Sum(session =>
                LossCauses.Sum(cause => session.GetProperty(cause).GetInt64())),
            ledger.RootElement.GetProperty("upfTransitNs").GetProperty(direction).GetProperty("p50").GetInt64());
    }
}
