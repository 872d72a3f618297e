using System.Globalization;
using Testbed.Conformance.Claims;

namespace Testbed.Server.Planning.Exposure;

/// <summary>A test flow of a UE, as an application function asks something for it.</summary>
internal sealed record ExposureFlow(TestEndpoint Ue, TestEndpoint Far, string Slice, int UePort, int RemotePort)
{
    public (string Name, object Value)[] Parameters =>
    [
        ("ueAddress", Ue.Address), ("uePort", UePort), ("remoteAddress", Far.Address), ("remotePort", RemotePort),
        ("slice", Slice),
    ];

    /// <summary>The flow itself, until it is stopped: a far end that answers, and a UE that sends.</summary>
    /// <param name="answers">Packets that the far end sends for each of the UE's.</param>
    /// <param name="secondsMax">It ends by itself after so long.</param>
    public IEnumerable<PlanTask> Tasks(PlanDraft draft, int answers, int secondsMax) =>
    [
        draft.Task("flow-responder", Far.Kit, 0, ("address", Far.Address), ("port", RemotePort)),
        draft.Task("flow-sender", Ue.Kit, 0,
            ("localAddress", Ue.Address), ("localPort", UePort), ("remoteAddress", Far.Address), ("port", RemotePort),
            ("ratePps", RatePps), ("payloadBytes", PayloadBytes), ("answers", answers), ("answerBytes", AnswerBytes),
            ("secondsMax", secondsMax)),
    ];

    /// <summary>Answers a packet that make up this downlink rate.</summary>
    public static int AnswersFor(decimal mbps) =>
        (int)Math.Ceiling(mbps * 1_000_000 / (RatePps * 8 * (AnswerBytes + HeaderBytes)));

    private const int RatePps = 100, PayloadBytes = 200, AnswerBytes = 1_200;
    /// <summary>IPv4 and UDP.</summary>
    private const int HeaderBytes = 28;

    /// <summary>Null where the slice lacks a ue or dn endpoint.</summary>
    public static ExposureFlow? In(PlanDraft draft, string slice) =>
        draft.Ue(slice) is { } ue && draft.FarEnd("dn", slice) is { } far
            ? new(ue, far, slice, draft.Ports.Next(), draft.Ports.Next()) : null;
}

/// <summary>Which flows of the claim applications can ask for, and the rate that a test offers to them.</summary>
internal static class OnDemandFlows
{
    /// <summary>So much more than a flow may carry is offered to it, so that its limit shows.</summary>
    private const decimal Overload = 1.5m;
    private const decimal MbpsUnlimited = 10;

    /// <summary>The first claimed edge that TrafficInfluence can name.</summary>
    public static string? Dnai(Claim claim) =>
        claim.Edge.Select(edge => edge.Dnai).FirstOrDefault(dnai => dnai is not null);

    public static (Slice Slice, QosFlow Flow)? ByReference(Claim claim) => First(claim, flow => flow.QosReference);

    public static (Slice Slice, QosFlow Flow)? ByProfile(Claim claim) => First(claim, flow => flow.QosProfile);

    /// <summary>Downlink rate offered, Mbit/s: beyond the flow's own limit, within the claim's.</summary>
    public static decimal OfferedMbps(PlanDraft draft, Slice slice, QosFlow flow)
    {
        decimal wanted = (flow.MfbrMbps ?? MbpsUnlimited) * Overload;
        return Math.Min(wanted, Math.Min(draft.LimitMbps, slice.AmbrDlMbps ?? draft.LimitMbps) * 0.8m);
    }

    public static string Text(decimal? mbps) => (mbps ?? 0).ToString("0.###", CultureInfo.InvariantCulture);

    private static (Slice Slice, QosFlow Flow)? First(Claim claim, Func<QosFlow, string?> word)
    {
        foreach (Slice slice in claim.Slices)
            foreach (QosFlow flow in slice.Flows)
                if (word(flow) is not null) return (slice, flow);
        return null;
    }
}
