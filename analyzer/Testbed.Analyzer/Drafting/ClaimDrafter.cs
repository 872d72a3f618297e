using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Meters.Sessions;

namespace Testbed.Analyzer.Drafting;

/// <summary>Drafts a claim from captures: each file's point is told by what it holds.</summary>
public static class ClaimDrafter
{
    /// <summary>
    /// A file may stand at N6, alone or beside other points, when more than this share of it is plain IP. Whether it
    /// does is then told by whose addresses it carries.
    /// </summary>
    private const double OtherShare = 0.05;

    /// <param name="files">Captures of any point, in any order.</param>
    /// <exception cref="Testbed.Wire.Files.CaptureFileException">A file is no capture.</exception>
    /// <exception cref="IOException">A file cannot be opened or read.</exception>
    public static ClaimDraft Draft(IReadOnlyList<string> files, CancellationToken cancellation = default)
    {
        List<CaptureContent> contents = [.. files.Select(file => CaptureContent.Read(file, cancellation))];
        AnalysisRequest request = new()
        {
            N3 = Taps(contents, content => content.GtpU > 0),
            N6 = Taps(contents, content => content.OtherIp > OtherShare * content.Packets),
            N4 = Taps(contents, content => content.Pfcp > 0),
            N2 = Taps(contents, content => content.Ngap > 0),
        };
        AnalysisContext context = TrafficAnalysis.Prepare(request, null, cancellation);
        List<TunnelUse> uses = TunnelUse.Gather(context);
        UpfDrafter upfs = new(context, uses);
        return new()
        {
            Plmn = Plmn(context.ControlPlane),
            Gnbs = GnbDrafter.Draft(context, uses),
            Upfs = upfs.Upfs,
            Core = Core(context.ControlPlane),
            CorePorts = [.. CorePorts(context.ControlPlane)],
            HasNat = HasNat(context),
            Slices = new SliceDrafter(context, uses, upfs).Draft(),
            Taps = [.. contents.SelectMany(content => TapsOf(content, context))],
        };
    }

    private static List<TapInput> Taps(List<CaptureContent> contents, Predicate<CaptureContent> isOfPoint) =>
        [.. contents.Where(content => isOfPoint(content)).Select(content => TapInput.FromFile(content.Path))];

    private static bool? HasNat(AnalysisContext context) =>
        context.HasBothSides && context.Outcomes.Any(outcome => outcome.PartnerRecord.Any(at => at >= 0))
            ? context.Crossings.Rule is not Matching.AddressRule.SameFlow : null;

    private static string? Plmn(ControlPlane control) => control.NgapMessages
        .SelectMany(captured => captured.Message.SupportedAreas).Select(area => area.Plmn.ToString())
        .GroupBy(plmn => plmn).OrderByDescending(group => group.Count()).ThenBy(group => group.Key)
        .FirstOrDefault()?.Key;

    private static List<string> Core(ControlPlane control) =>
    [
        .. control.Sessions.All.Select(session => session.ControlPlane)
            .Concat(control.NgapSessions.All.Select(session => session.Amf.Address))
            .Concat(control.NgapMessages.Where(captured => captured.Message.AmfName is not null)
                .Select(captured => captured.Source.Address))
            .Where(address => !address.IsNone).Distinct().Order().Select(address => address.ToString()),
    ];

    private static IEnumerable<string> CorePorts(ControlPlane control)
    {
        if (control.NgapMessages.Count > 0) yield return "38412/sctp";
        if (control.PfcpMessageCount > 0) yield return "8805/udp";
    }

    // One line a point that the file serves; a file that serves none is listed too, so that nobody misses it.
    private static IEnumerable<DraftTap> TapsOf(CaptureContent content, AnalysisContext context)
    {
        List<string> points = [];
        if (content.GtpU > 0) points.Add("n3");
        if (CarriesUsers(content.Path, context)) points.Add("n6");
        if (content.Pfcp > 0) points.Add("n4");
        if (content.Ngap > 0) points.Add("n2");
        string? name = content.Interfaces is [var only] && only.Length is > 0 and <= 15
            && only.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? only : null;
        string file = Path.GetFileName(content.Path);
        return points.Count == 0 ? [new(null, file, name)] : points.Select(point => new DraftTap(point, file, name));
    }

    /// <summary>True when plain packets of UEs, or of their peers behind a translation, pass in this file.</summary>
    private static bool CarriesUsers(string path, AnalysisContext context)
    {
        foreach (TapCapture tap in context.Taps)
        {
            if (tap.Role is TapRole.N3 || !tap.Files.Contains(path)) continue;
            for (int i = 0; i < tap.Records.Count; i++)
                if (tap.Records[i] is { Kind: RecordKind.Plain, Direction: not PacketDirection.Unknown }) return true;
        }
        return false;
    }

    /// <summary>A name that a claim takes: letters, digits, hyphens.</summary>
    internal static string? Fit(string? name)
    {
        if (name is null) return null;
        string fit = string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')).Trim('-');
        return fit.Length is > 0 and <= 63 ? fit : null;
    }

    /// <summary>The wish, or the wish with the first number that makes it new.</summary>
    internal static string Unused(string wish, ICollection<string> taken)
    {
        string name = wish;
        for (int i = 2; taken.Contains(name); i++) name = $"{wish}-{i}";
        taken.Add(name);
        return name;
    }
}
