using System.CommandLine;
using Testbed.Cli.Output;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Reports;

namespace Testbed.Cli.Commands;

/// <summary><c>testbed claim show</c>: a claim as the verifier understands it.</summary>
internal static class ClaimShowCommand
{
    private static readonly Argument<string> File = new("lab.yaml") { Description = "the claim · 声明文件" };

    public static Command Build()
    {
        var command = new Command("show", "print a claim as it is understood · 显示声明") { File };
        command.SetAction(parsed => Show(SharedOptions.Open(parsed), parsed.GetRequiredValue(File)));
        return command;
    }

    private static int Show(Session session, string path)
    {
        Claim claim = ClaimFiles.Read(session, path);
        void Line(string zh, string en, string text) => session.Out.WriteLine($"{session.Say(zh, en)}: {text}");
        Line("申报单位", "applicant", claim.Applicant.Name);
        Line("用途", "purpose", session.Say(ReportTexts.Purpose(claim.Purpose)));
        Line("准则", "profile", claim.Profile);
        Line("场所", "site", $"{claim.Site.Name}, {claim.Site.AreaKm2} km2");
        Line("PLMN", "PLMN", claim.Network.Plmn);
        foreach (Gnb gnb in claim.Network.Gnbs)
            Line("基站", "gNB", $"{gnb.Name}  n3 {string.Join(", ", gnb.N3)}");
        foreach (Upf upf in claim.Network.Upfs)
            Line("UPF", "UPF", $"{upf.Name} ({upf.Role})  n3 {string.Join(", ", upf.N3)}");
        foreach (Slice slice in claim.Slices)
            Line("切片", "slice", $"{slice.Name}  {slice.Snssai}  {slice.Dnn}  {string.Join(", ", slice.UePools)}  "
                + $"{slice.Upf}  QFI {string.Join(", ", slice.Flows.Select(flow => flow.Qfi))}");
        foreach (Tap tap in claim.Taps)
            Line("采集点", "tap", $"{tap.Point}  {tap.Kit}/{tap.Interface}  {string.Join(", ", tap.Slices)}");
        foreach (TestEndpoint endpoint in claim.Endpoints)
            Line("端点", "endpoint", $"{endpoint.Role}  {endpoint.Kit}  {endpoint.Address}  {endpoint.Slice}"
                + (endpoint.Emulated ? session.Say("  仿真", "  emulated") : ""));
        foreach (Scenario scenario in claim.Scenarios)
            Line("场景", "scenario", $"{session.Say(ReportTexts.Scenario(scenario.Type))}  {scenario.Slice}  "
                + string.Join(", ", scenario.Figures.Select(figure => $"{figure.Key}={figure.Value}")));
        Line("同意", "consent", string.Join(", ", claim.Consent));
        Line("上限", "limits", $"{claim.Limits.Mbps} Mbit/s, {claim.Limits.Sessions}");
        Line("摘要", "sha256", claim.Digest);
        return ExitCode.AllPass;
    }
}
