using System.Globalization;
using System.Net;
using Testbed.Analyzer;
using Testbed.Server.Planning;

namespace Testbed.Server.Runs.Conclusions;

/// <summary>What the analyzer is to know of security tests.</summary>
internal static class TrialInput
{
    /// <param name="listener">Path of the record of whoever listened to a sender; null where nobody did.</param>
    public static TrialContext Of((PlanTask Task, string Path) sender, Func<PlanTask, string?> listener)
    {
        PlanTask task = sender.Task;
        return new(
            Number(task, "trial"), KindOf(task["kind"]), task["slice"], Number(task, "control"),
            [Number(task, "localPort"), Number(task, "port")], sender.Path, listener(task));
    }

    /// <summary>All scans of the run; null when there was none. One that failed has sent packets too.</summary>
    public static CoreScanContext? ScanOf(IEnumerable<PlanTask> scans)
    {
        PlanTask[] all = [.. scans];
        return all.Length == 0 ? null : new(
            [.. all.Select(task => IPAddress.Parse(task["localAddress"])).Distinct()],
            [.. all.SelectMany(task => task["addresses"].Split(',')).Distinct().Select(IPAddress.Parse)]);
    }

    private static int Number(PlanTask task, string parameter) =>
        int.Parse(task[parameter], CultureInfo.InvariantCulture);

    private static TrialKind KindOf(string word) => word switch
    {
        "spoofed-source" => TrialKind.SpoofedSource,
        "nested-tunnel" => TrialKind.NestedTunnel,
        "ue-to-ue" => TrialKind.UeToUe,
        "unsolicited-downlink" => TrialKind.UnsolicitedDownlink,
        _ => TrialKind.Control,
    };
}
