using System.Globalization;
using Testbed.Conformance;

namespace Testbed.Server.Planning;

/// <summary>
/// What a task of a plan will send, at most: to whom, how fast, how much, for how long. Told before a run, so that an
/// operator can say no.
/// </summary>
/// <param name="Target">Addresses and ports; in words where the task sends nothing of its own.</param>
/// <param name="PacketsPerSecond">Null where the task has no rate in packets, or sends nothing.</param>
/// <param name="Mbps">Of IP packets; null as above.</param>
/// <param name="Bytes">Of IP packets, in all; null where the task does not say, 0 where it sends nothing.</param>
public sealed record PlannedTraffic(
    PlanTask Task, LocalText Target, decimal? PacketsPerSecond, decimal? Mbps, long? Bytes)
{
    /// <summary>IPv4 and UDP headers, bytes.</summary>
    private const int Headers = 28;
    /// <summary>An authenticated STAMP packet is never shorter (RFC 8762 §4.2.2).</summary>
    private const int StampMin = 112;
    /// <summary>A trial's packet, and the longest that carries one in a second tunnel, bytes.</summary>
    private const int TrialBytes = 140, NestedBytes = 184;
    /// <summary>The longest probe of a scan, the longest mutant and what tests a path, bytes of IP packet.</summary>
    private const int ScanBytes = 72, MutantBytes = 540, PathBytes = 100;
    private const int PathPps = 8;
    /// <summary>A packet that makes a session come, and its answer; a bad body, of which one in 15 has 2 MiB.</summary>
    private const int SessionBytes = 64 + Headers, BadBodyBytes = 160_000;
    /// <summary>Each UE speaks once in this many seconds while it is held.</summary>
    private const decimal DensityPeriod = 2;
    private const int DensityBytes = 32 + Headers;
    private static readonly LocalText Nothing = new("不发送，仅接收", "sends nothing, listens");

    public static PlannedTraffic Of(PlanTask task) => task.Kind switch
    {
        "capture" or "n3-tunnel-watch" => new(task, Nothing, null, null, 0),
        "stamp-sender" or "stamp-witness" => Packets(task, Remote(task), Number(task, "ratePps"),
            Number(task, "count"), Math.Max(Number(task, "packetBytes"), StampMin) + Headers),
        "trial-sender" => Packets(task, task["kind"] == "nested-tunnel" ? Words($"{task["upfAddresses"]} 2152/udp")
            : Remote(task), Number(task, "ratePps"), Number(task, "count"),
            task["kind"] == "nested-tunnel" ? NestedBytes : TrialBytes),
        "capacity-client" => Load(task, Remote(task), decimal.Parse(task["maxMbps"], CultureInfo.InvariantCulture),
            Number(task, "runs") * Number(task, "seconds")),
        "slice-load" => Load(task, Remote(task), Number(task, "mbps"),
            Number(task, "blocks") * Number(task, "onMs") / 1_000),
        "slice-reach" => Packets(task, Words($"{task["targets"]} {task["ownAddress"]}"), Number(task, "ratePps"),
            Number(task, "tries") * 3 * (Parts(task, "targets") + 1), TrialBytes),
        "density-ramp" => Packets(task, Remote(task), Number(task, "count") / DensityPeriod,
            Number(task, "count") * (task.Seconds / DensityPeriod + 1), DensityBytes),
        "n3-path-management" => Packets(task, Words($"{task["upfAddresses"]} 2152/udp"),
            PathPps * Parts(task, "upfAddresses"), PathPps * Parts(task, "upfAddresses") * Number(task, "seconds"),
            PathBytes),
        "core-scan" => Packets(task, Words($"{task["addresses"]} {task["ports"]} icmp"), 200,
            3 * Parts(task, "addresses") * (Parts(task, "ports") + 1) + Number(task, "count"), ScanBytes),
        "gtpu-mutants" => Packets(task, Words($"{task["upfAddresses"]} 2152/udp"),
            Number(task, "ratePps") * Parts(task, "upfAddresses"),
            Number(task, "count") * Parts(task, "upfAddresses"), MutantBytes),
        "flow-sender" => Flow(task),
        "session-cycle" => Packets(task, Remote(task), Number(task, "events") / Math.Max(1, task.Seconds),
            Number(task, "events") * 2, SessionBytes),
        "exposure-bad-bodies" => new(task, Words($"{task["root"]} {task["camara"]}".Trim()),
            Number(task, "count") / Math.Max(1, task.Seconds), null, (long)Number(task, "count") * BadBodyBytes),
        "exposure-discovery" => new(task, new($"{task["capif"]} 及其列出的接口", $"{task["capif"]} and what it lists"),
            null, null, null),
        _ when task.Kind.StartsWith("exposure-", StringComparison.Ordinal) => new(task, Words(string.Join(' ',
            ((string[])["root", "tokenEndpoint", "capif", "camara"]).Select(name => task[name])
                .Where(address => address.Length > 0).Distinct())), null, null, null),
        "kit-ceiling" => new(task, new("本套件自环", "this kit's own loopback"), null, null, null),
        _ => OfAny(task),
    };

    /// <summary>Responders, and kinds that are not known here: as far as their parameters tell.</summary>
    private static PlannedTraffic OfAny(PlanTask task)
    {
        if (task.Parameters.TryGetValue("remoteAddress", out string? to))
        {
            string port = task.Parameters.TryGetValue("port", out string? number) ? $" {number}/udp" : "";
            decimal? rate = TryNumber(task, "ratePps"), count = TryNumber(task, "count");
            decimal? bytes = TryNumber(task, "packetBytes") + Headers;
            decimal? mbps = TryNumber(task, "maxMbps") ?? rate * bytes * 8 / 1_000_000;
            return new(task, Words(to + port), rate, mbps, (long?)(count * bytes));
        }
        return task.Parameters.TryGetValue("address", out string? at)
            ? new(task, new($"只应答发往 {at} 的测试报文", $"answers test packets to {at}"), null, null, null)
            : new(task, new("见任务参数", "see the task's parameters"), null, null, null);
    }

    private static PlannedTraffic Packets(PlanTask task, LocalText target, decimal pps, decimal count, decimal bytes) =>
        new(task, target, pps, pps * bytes * 8 / 1_000_000, (long)(count * bytes));

    private static PlannedTraffic Load(PlanTask task, LocalText target, decimal mbps, decimal seconds) =>
        new(task, target, null, mbps, (long)(mbps * 125_000 * seconds));

    /// <summary>A flow until it is stopped: the UE's packets and the answers to them, which are most of it.</summary>
    private static PlannedTraffic Flow(PlanTask task)
    {
        decimal rate = Number(task, "ratePps"), answers = rate * Number(task, "answers");
        decimal bytes = rate * (Number(task, "payloadBytes") + Headers)
            + answers * (Number(task, "answerBytes") + Headers);
        return new(task, Remote(task), rate + answers, bytes * 8 / 1_000_000,
            (long)(bytes * Number(task, "secondsMax")));
    }

    private static LocalText Remote(PlanTask task) => Words($"{task["remoteAddress"]} {task["port"]}/udp");

    private static LocalText Words(string text) => new(text, text);

    private static decimal Number(PlanTask task, string name) =>
        decimal.Parse(task[name], CultureInfo.InvariantCulture);

    private static decimal? TryNumber(PlanTask task, string name) =>
        task.Parameters.TryGetValue(name, out string? text)
        && decimal.TryParse(text, CultureInfo.InvariantCulture, out decimal number) ? number : null;

    private static int Parts(PlanTask task, string name) => task[name].Split(',').Length;
}
