using System.Net;
using Testbed.Analyzer;
using Testbed.Server.Planning;
using Testbed.Server.Runs.Traffic;

namespace Testbed.Server.Runs.Conclusions;

/// <summary>Puts together what the analyzer is to know of a run.</summary>
internal static class AnalysisInput
{
    public static AnalysisRequest Build(
        RunRequest request, RunTraffic traffic, IReadOnlyList<TapEvidence> taps, RunFolder folder, ClockFigures clocks)
    {
        EvidenceIntakeView files = new(traffic.Files);
        return new()
        {
            N3 = At("n3"), N4 = At("n4"), N2 = At("n2"),
            N6 = [.. At("n6"), .. At("n6-edge").Select(tap => tap with { IsEdge = true })],
            Claim = request.Claim,
            Run = new()
            {
                Nonce = request.Nonce,
                StampSessions = [.. Records(traffic.Tasks, "stamp-sender").Select(Session)],
                OtherStampSessions = [.. Records(traffic.TestsSetAside, "stamp-sender").Select(Session)],
                CapacityFlows = [.. Records(traffic.Tasks, "capacity-client").Select(each => new CapacityFlowContext(
                    each.Task["direction"], each.Task["slice"], IPAddress.Parse(each.Task["localAddress"]),
                    IPAddress.Parse(each.Task["remoteAddress"]), int.Parse(each.Task["port"]), each.Path)
                    { FarEnd = each.Task.Parameters.GetValueOrDefault("farEnd") })],
                ClosedLoops = [.. LoopKinds.SelectMany(kind => Records(traffic.Tasks, kind))
                    .Select(each => Loop(each) with { StallPaths = [.. Stalls(each.Task)] })],
                SessionEvents = [.. Records(traffic.Tasks, "exposure-session-events")
                    .Select(each => new SessionEventsContext(each.Task["slice"], each.Path))],
                Loads = [.. Records(traffic.Tasks, "slice-load").Select(SliceInput.Load)],
                OtherLoads = [.. Records(traffic.TestsSetAside, "slice-load").Select(SliceInput.Load)],
                Witnesses = [.. Records(traffic.Tasks, "stamp-witness").Select(Witness)],
                OtherWitnesses = [.. Records(traffic.TestsSetAside, "stamp-witness").Select(Witness)],
                Reaches = [.. Records(traffic.Tasks, "slice-reach").Select(SliceInput.Reach)],
                Admissions = [.. Records(traffic.Tasks, "slice-admission").Select(
                    each => new AdmissionContext(each.Task["slice"], each.Path))],
                EdgePaths = [.. Records(traffic.Tasks, "edge-paths").Select(each => EdgePath(each.Task))],
                OtherEdgePaths = [.. Records(traffic.TestsSetAside, "edge-paths").Select(each => EdgePath(each.Task))],
                EdgeNames = [.. Records(traffic.Tasks, "edge-name").Select(EdgeName)],
                Trials = [.. Records(traffic.Tasks, "trial-sender").Select(each => TrialInput.Of(each, Listener))],
                CoreScan = TrialInput.ScanOf(traffic.Tasks.Where(task => task.Kind == "core-scan")),
                MutantRecord = Records(traffic.Tasks, "gtpu-mutants").Select(each => each.Path).FirstOrDefault(),
                OverloadPhases = [.. traffic.Overloads.Select(SliceInput.Overload)],
                EmulatedUes =
                [
                    .. request.Claim.Endpoints.Where(endpoint => endpoint is { Role: "ue", Emulated: true })
                        .Select(endpoint => new AddressRange(endpoint.Address, 1)),
                    .. traffic.Tasks.Where(task => task.Kind == "density-ramp").Select(Played),
                    .. traffic.Tasks.Where(task => task.Kind == "session-cycle" && task["emulated"] == "1").Select(
                        task => new AddressRange(IPAddress.Parse(task["firstAddress"]), int.Parse(task["events"]))),
                ],
                KitAddresses = [.. traffic.Agents.Where(agent => taps.Any(tap => IsOnN3(tap, agent.Kit)))
                    .SelectMany(agent => agent.Facts.Addresses).Distinct()],
                CaptureCounters = taps.Where(tap => tap.Figures is not null).ToDictionary(tap => tap.Name, Counters),
                ClockBoundNs = clocks.BoundNs,
            },
        };

        IReadOnlyList<TapInput> At(string point) =>
            [.. taps.Where(tap => tap.Point == point && tap.Segments.Count > 0).Select(tap => new TapInput(
                tap.Name, [.. tap.Segments.Select(folder.At)],
                tap.Task["slices"].Split(',', StringSplitOptions.RemoveEmptyEntries)))];

        EdgePathContext EdgePath(PlanTask task) =>
            new(EdgeSession(task, "edge", files, folder), EdgeSession(task, "dn", files, folder));

        // Whoever listened at that address and port, whichever phase it was in.
        string? Listener(PlanTask sender) => Records(traffic.Tasks, "trial-listener")
            .Where(each => each.Task["address"] == sender["remoteAddress"] && each.Task["port"] == sender["port"])
            .Select(each => each.Path).FirstOrDefault();

        // Both ends of the flow that a loop is about.
        IEnumerable<string> Stalls(PlanTask loop) =>
            Records(traffic.Tasks, "flow-sender").Where(each =>
                each.Task["localAddress"] == loop["ueAddress"] && each.Task["localPort"] == loop["uePort"])
            .Concat(Records(traffic.Tasks, "flow-responder").Where(each =>
                each.Task["address"] == loop["remoteAddress"] && each.Task["port"] == loop["remotePort"]))
            .Select(each => each.Path);

        // The record of a test that failed half-way would speak of packets that nobody waited for.
        IEnumerable<(PlanTask Task, string Path)> Records(IEnumerable<PlanTask> tasks, string kind) =>
            from task in tasks
            where task.Kind == kind && traffic.Did(task)
            from file in files.Of(task.Id).Take(1)
            select (task, folder.At(file.Name));
    }

    private static StampSessionContext Session((PlanTask Task, string Path) each) => new(
        int.Parse(each.Task["session"]), each.Task["slice"], IPAddress.Parse(each.Task["localAddress"]),
        IPAddress.Parse(each.Task["remoteAddress"]), int.Parse(each.Task["port"]), each.Path)
    {
        FarEnd = each.Task.Parameters.GetValueOrDefault("farEnd"),
        DeadlineNs = int.Parse(each.Task["deadlineMs"]) * 1_000_000L,
    };

    private static WitnessContext Witness((PlanTask Task, string Path) each) => new(each.Task["phase"],
        each.Task["part"], each.Task["loadedSlice"], int.Parse(each.Task["qfi"]), Session(each));

    private static readonly string[] LoopKinds =
        ["exposure-qos-loop", "exposure-camara-loop", "exposure-influence-loop"];

    private static ClosedLoopContext Loop((PlanTask Task, string Path) each) => new(
        each.Task.Kind, each.Task["slice"], IPAddress.Parse(each.Task["ueAddress"]), int.Parse(each.Task["uePort"]),
        IPAddress.Parse(each.Task["remoteAddress"]), int.Parse(each.Task["remotePort"]), each.Path)
    {
        Qfi = Number(each.Task, "qfi") is { } qfi ? (int)qfi : null,
        MfbrMbps = Number(each.Task, "mfbrMbps"), GfbrMbps = Number(each.Task, "gfbrMbps"),
    };

    private static EdgeNameContext EdgeName((PlanTask Task, string Path) each) => new(
        each.Task["name"], IPAddress.Parse(each.Task["localAddress"]), IPAddress.Parse(each.Task["serverAddress"]),
        each.Task["serverIsClaimed"] == "true", each.Path)
    {
        EdgeAddresses = [.. each.Task["edgeAddresses"].Split(',').Select(IPAddress.Parse)],
        Packets = int.Parse(each.Task["packets"]), Session = int.Parse(each.Task["session"]),
        Port = int.Parse(each.Task["port"]),
    };

    /// <summary>Null where the plan gave none, or zero for "none".</summary>
    private static decimal? Number(PlanTask task, string name) =>
        task.Parameters.TryGetValue(name, out string? text)
        && decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture) is > 0 and var number ? number : null;

    private static StampSessionContext EdgeSession(
        PlanTask task, string end, EvidenceIntakeView files, RunFolder folder)
    {
        string record = $"stamp-{task[end + "Session"]}.csv";
        return new(
            int.Parse(task[end + "Session"]), task["slice"], IPAddress.Parse(task["localAddress"]),
            IPAddress.Parse(task[end + "Address"]), int.Parse(task[end + "Port"]),
            folder.At(files.Of(task.Id).FirstOrDefault(file => Path.GetFileName(file.Name) == record)?.Name ?? record));
    }

    // A ramp plays its UEs on one host; only the first address can be a terminal's, as the claim says.
    private static AddressRange Played(PlanTask ramp)
    {
        byte[] first = IPAddress.Parse(ramp["firstAddress"]).GetAddressBytes();
        for (int i = first.Length - 1; i >= 0 && ++first[i] == 0; i--) { }
        return new(new(first), int.Parse(ramp["count"]) - 1);
    }

    // Only a kit at N3 can have spoken there; another kit's address on N3 is a stranger's.
    private static bool IsOnN3(TapEvidence tap, string kit) => tap.Point == "n3" && tap.Task.Kit == kit;

    private static CaptureCounters Counters(TapEvidence tap) => new(
        tap.Figures!.Captured, tap.Figures.OsDropped, tap.Figures.InterfaceDropped ?? 0);
}
