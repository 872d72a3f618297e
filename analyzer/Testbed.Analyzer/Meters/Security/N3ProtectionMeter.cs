using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Tables;
using Testbed.Conformance;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;
using Testbed.Wire.Ip;

namespace Testbed.Analyzer.Meters.Security;

/// <summary>
/// SEC-001: the share of N3's frames that anybody on the link can read, held against what the claim says of N3's
/// protection. What the kits themselves said there does not count.
/// </summary>
internal sealed class N3ProtectionMeter : IMeter
{
    private const string Source = "n3-protection-meter";
    /// <summary>Encrypted bytes look like a packet now and then; above this share they are one.</summary>
    private const double ReadableShareMax = 0.01;
    private static readonly RecordKind[] GtpU =
    [
        RecordKind.Gpdu, RecordKind.N9Gpdu, RecordKind.Echo, RecordKind.ErrorIndication, RecordKind.EndMarker,
        RecordKind.OtherGtpU,
    ];

    public void Measure(AnalysisContext context, MeterOutput output)
    {
        if (!context.HasN3 || context.Request.Claim is not { } claim) return;
        (long clear, string? evidence) = Clear(context);
        TapCapture[] taps = [.. context.Taps.Where(tap => tap.Role is not TapRole.N6)];
        long esp = taps.Sum(tap => tap.Tally.Esp), readable = taps.Sum(tap => tap.Tally.EspInClear);
        if (readable <= ReadableShareMax * esp) readable = 0;
        long all = clear + esp, open = clear + readable;
        bool mayBeClear = claim.Network.N3Protection is ClaimWords.TrustedSite;
        decimal share = all == 0 ? 0 : Figures.Ratio((double)open / all);
        output.Kpis.Add(Figures.Exact("n3-clear-against-claim", mayBeClear ? 0 : AboveZero(open, share), all, Source)
            with
        {
            Layer = Layer.Outer,
            Evidence = evidence is null ? [] : [evidence],
            Findings = [Say(open, readable, all, mayBeClear)],
        });
        output.Kpis.Add(Figures.Exact("n3-esp-share", all == 0 ? 0 : Figures.Ratio((double)esp / all), all, Source) with
        {
            Layer = Layer.Outer,
        });
    }

    // Rounding must not hide the one frame in a billion.
    private static decimal AboveZero(long open, decimal share) => open > 0 ? Math.Max(share, 0.000000001m) : 0;

    private static (long Frames, string? Evidence) Clear(AnalysisContext context)
    {
        // Without a run there is no kit whose frames would have to be told apart, and no record of single frames.
        if (context.Request.Run is null)
            return (context.Taps.Where(tap => tap.Role is not TapRole.N6)
                .Sum(tap => GtpU.Sum(kind => tap.Profile.Kind(kind))), null);
        HashSet<HostAddress> kits = [.. (context.Request.Run?.KitAddresses ?? []).Select(HostAddress.From)];
        long frames = 0;
        string? evidence = null;
        foreach (TapCapture tap in context.Taps)
        {
            if (tap.Role is TapRole.N6) continue;
            bool[] isKit = new bool[tap.Decoder.Tunnels.Count];
            for (int i = 0; i < isKit.Length; i++)
            {
                TunnelKey tunnel = tap.Decoder.Tunnels[i];
                isKit[i] = kits.Contains(tunnel.Source) || kits.Contains(tunnel.Destination);
            }
            for (int i = 0; i < tap.Records.Count; i++)
            {
                ref PacketRecord record = ref tap.Records[i];
                if (record.Tunnel < 0 || isKit[record.Tunnel]) continue;
                frames++;
                evidence ??= tap.Evidence(record);
            }
        }
        return (frames, evidence);
    }

    private static LocalText Say(long open, long readable, long all, bool mayBeClear)
    {
        LocalText claimed = mayBeClear
            ? new("申报为可信场所，允许明文", "the claim declares a trusted site, where clear text is allowed")
            : new("申报为 IPsec", "the claim says IPsec");
        LocalText hidden = readable == 0 ? new("", "") : new(
            $"（其中 {readable} 帧为未加密的 ESP）", $" ({readable} of them ESP without encryption)");
        return new($"N3 的 {all} 帧中 {open} 帧为明文{hidden.Zh}；{claimed.Zh}",
            $"{open} of {all} frames on N3 are in clear{hidden.En}; {claimed.En}");
    }
}
