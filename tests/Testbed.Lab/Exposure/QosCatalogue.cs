using Testbed.Lab.Control;
using Testbed.Wire.Qos;

namespace Testbed.Lab.Exposure;

/// <summary>A QoS flow that applications may ask for, as the claim lists it under its slice.</summary>
/// <param name="Kbps">MFBR and twice the GFBR, each direction.</param>
internal sealed record OfferedQos(byte Qfi, int FiveQi, uint Kbps, string? Reference, string? Profile)
{
    public QosFlowRequest RequestFor(IReadOnlyList<FlowDescription> filters) => new(FiveQi, filters, Qfi)
    {
        Maximum = new(Kbps, Kbps), Guaranteed = new(Kbps / 2, Kbps / 2),
    };
}

/// <summary>What the lab's operator offers: one flow to AsSessionWithQoS, one to CAMARA.</summary>
internal static class QosCatalogue
{
    /// <remarks>5QI 3 and 4 are GBR classes (TS 23.501 table 5.7.4-1).</remarks>
    public static readonly IReadOnlyList<OfferedQos> Offers =
    [
        new(20, 3, 6_000, "gbr-6mbps", null),
        new(21, 4, 4_000, null, "QOS_E"),
    ];

    public static OfferedQos? ByReference(string reference) =>
        Offers.FirstOrDefault(offer => offer.Reference == reference);

    public static OfferedQos? ByProfile(string profile) => Offers.FirstOrDefault(offer => offer.Profile == profile);
}
