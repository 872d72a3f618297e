using System.Globalization;
using System.Net;
using Testbed.Analyzer;
using Testbed.Server.Planning;

namespace Testbed.Server.Runs.Conclusions;

/// <summary>What the analyzer is to know of tests between and within slices, from the plan's own words.</summary>
internal static class SliceInput
{
    public static LoadContext Load((PlanTask Task, string Path) each)
    {
        PlanTask task = each.Task;
        bool isUplink = task["direction"] == "uplink";
        (string ue, string uePort, string remote, string remotePort) = isUplink
            ? (task["localAddress"], task["localPort"], task["remoteAddress"], task["port"])
            : (task["remoteAddress"], task["port"], task["localAddress"], task["localPort"]);
        return new(
            task["phase"], task["part"], task["slice"], task["direction"], IPAddress.Parse(ue), Number(uePort),
            IPAddress.Parse(remote), Number(remotePort), Number(task["qfi"]),
            decimal.Parse(task["limitMbps"], CultureInfo.InvariantCulture), each.Path);
    }

    public static OverloadPhase Overload((PlanPhase Attempt, TimeWindow Window) each) => new(each.Window,
    [
        .. each.Attempt.Tests.Where(test => test.Kind == "capacity-client").Select(test => new LoadPath(
            IPAddress.Parse(test["localAddress"]), IPAddress.Parse(test["remoteAddress"]), Number(test["port"]))),
        .. each.Attempt.Tests.Where(test => test.Kind == "slice-load").Select(test => Load((test, "")))
            .Select(load => new LoadPath(load.UeAddress, load.RemoteAddress, load.RemotePort)),
    ]);

    public static ReachContext Reach((PlanTask Task, string Path) each) => new(
        each.Task["slice"], each.Task["targetSlice"], IPAddress.Parse(each.Task["localAddress"]),
        Number(each.Task["session"]), Number(each.Task["port"]),
        [.. each.Task["targets"].Split(',').Select(IPAddress.Parse)], Number(each.Task["tries"]), each.Path);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
