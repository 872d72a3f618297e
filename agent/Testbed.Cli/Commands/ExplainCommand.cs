using System.CommandLine;
using Testbed.Cli.Output;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Reports;
using Testbed.Conformance.Results;

namespace Testbed.Cli.Commands;

/// <summary>
/// <c>testbed explain</c>: what a requirement asks for, how it is decided, and what to do when it fails.
/// </summary>
internal static class ExplainCommand
{
    private static readonly Argument<string?> Requirement = new("REQUIREMENT")
    {
        Description = "id such as E2E-004; all when left out · 要求编号", Arity = ArgumentArity.ZeroOrOne,
    };
    private static readonly Option<string?> ProfileName = new("--profile")
    {
        Description = "criteria profile · 准则", HelpName = "NAME@VERSION",
    };

    public static Command Build()
    {
        var command = new Command("explain", "what a requirement asks for · 解释要求") { Requirement, ProfileName };
        command.SetAction(parsed => Explain(SharedOptions.Open(parsed), parsed));
        return command;
    }

    private static int Explain(Session session, ParseResult parsed)
    {
        Profile profile = Profiles.Require(parsed.GetValue(ProfileName) ?? ProfileCatalogue.References[0]);
        if (parsed.GetValue(Requirement) is not { } id)
        {
            foreach (Requirement each in profile.Requirements)
                session.Out.WriteLine(
                    $"{each.Id,-12}{session.Say(each.Title)}{(each.Judged ? "" : NotJudged(session))}");
            return ExitCode.AllPass;
        }
        Requirement requirement = profile.Find(id.ToUpperInvariant()) ?? throw CliException.Usage(
            $"没有要求 {id}；不带参数执行 testbed explain 可列出全部",
            $"there is no requirement {id}; testbed explain lists all", "testbed explain E2E-004");
        Print(session, profile, requirement);
        return ExitCode.AllPass;
    }

    private static void Print(Session session, Profile profile, Requirement requirement)
    {
        session.Out.WriteLine($"{requirement.Id}  {session.Say(requirement.Title)}"
            + (requirement.Judged ? "" : NotJudged(session)));
        session.Out.WriteLine(session.Say(requirement.Explanation));
        void Line(string zh, string en, string text) => session.Out.WriteLine($"  {session.Say(zh, en)}: {text}");
        Line("条款", "clause", requirement.Clause);
        if (requirement.Needs.Count > 0)
            Line("需要", "needs", string.Join(", ", requirement.Needs.Select(each => string.Join("|", each))));
        if (requirement.Consent.Count > 0) Line("须同意", "consent", string.Join(", ", requirement.Consent));
        foreach (KpiRule kpi in requirement.Kpis)
            Line("指标", "figure", $"{kpi.Id} ({session.Say(kpi.Name)}): {Rule(session, kpi)}");
        Line("补救", "remedy", session.Say(requirement.Remedy));
        Line("准则", "profile", profile.Reference);
    }

    private static string Rule(Session session, KpiRule kpi)
    {
        if (kpi.Rule is not { } rule) return session.Say("列出，不作判定", "printed, not judged");
        string comparison = rule is LimitRule.AtMost ? "<=" : ">=";
        string claimed = kpi.Field is { } field ? $"serviceProfile.{field}" : string.Join("/", kpi.Figures);
        string limit = kpi.Limit is { } number ? $"{number}"
            : (kpi.Factor == 1 ? "" : $"{kpi.Factor} x ") + session.Say("声明的 ", "the claim's ") + claimed;
        string floor = kpi.Floor is { } worst ? session.Say($"；底线 {worst}", $"; floor {worst}") : "";
        string origin = kpi.Source is { } source ? $" ({session.Say(source)})" : "";
        string unit = FigureText.Unit(kpi.Unit) is { Length: > 0 } shown ? " " + shown : "";
        return $"{comparison} {limit}{unit}{floor}{origin}";
    }

    private static string NotJudged(Session session) =>
        session.Say("（本版本不检验）", " (not examined by this version)");
}
