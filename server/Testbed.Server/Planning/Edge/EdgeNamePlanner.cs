using System.Net;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Edge;

/// <summary>DNS questions for the edge application's name, asked by a UE over its PDU session.</summary>
internal static class EdgeNamePlanner
{
    private const string Requirement = "EDG-003";
    private const int Questions = 10;
    private const int QuestionsFull = 20;
    /// <summary>Each question waits at most three times a second for its answer.</summary>
    private const int SecondsMax = 3;
    /// <summary>To each address that an answer gives: enough to tell a lossy way from none.</summary>
    private const int Packets = 50;
    private const int RatePps = 100;
    /// <summary>An authenticated STAMP packet with its UDP and IPv4 headers, bytes.</summary>
    private const int PacketBytes = 112 + 28;

    public static void Plan(PlanDraft draft)
    {
        if (!draft.Wants(Requirement) || draft.Claim.Edge.Count == 0) return;
        if (EdgeEnds.UeOf(draft) is not { } ue)
        {
            draft.Omit("edge-name", "没有终端端点", "there is no ue endpoint", Requirement);
            return;
        }
        int questions = draft.IsQuick ? Questions : QuestionsFull;
        foreach (IGrouping<string, EdgeHost> app in draft.Claim.Edge
            .GroupBy(host => host.App, StringComparer.OrdinalIgnoreCase))
        {
            EdgeHost host = app.FirstOrDefault(each => each.Dns is not null) ?? app.First();
            // Where the claim names no server: option C of TS 23.548 §6.2.3.2.3, a local one at the edge site.
            IPAddress server = host.Dns ?? host.Address;
            int[] ports = [.. Enumerable.Range(0, questions).Select(_ => draft.Ports.Next())];
            int rate = (int)Math.Clamp(draft.LimitMbps * 1_000_000 / (8 * PacketBytes), 1, RatePps);
            int seconds = (app.Count() * Packets + rate - 1) / rate;
            draft.Phases.Add(new($"edge-name-{host.Name}", new($"边缘应用发现（{app.Key}）", $"edge discovery ({app.Key})"),
                1 + seconds, false, [],
                [draft.Task("edge-name", ue.Kit, questions * SecondsMax + seconds,
                    ("localAddress", ue.Address), ("localPorts", string.Join(',', ports)), ("serverAddress", server),
                    ("serverIsClaimed", host.Dns is null ? "false" : "true"), ("name", app.Key),
                    ("edgeAddresses", string.Join(',', app.Select(each => each.Address).Distinct())),
                    ("packets", Packets), ("ratePps", rate), ("packetsLocalPort", draft.Ports.Next()),
                    ("port", draft.Ports.Next()), ("session", draft.NextStampSession()))]));
        }
    }
}
