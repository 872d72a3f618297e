using System.CommandLine;
using Testbed.Cli.Checks;
using Testbed.Cli.Output;
using Testbed.Conformance.Json;

namespace Testbed.Cli.Commands;

/// <summary><c>testbed doctor</c>: what this host has and lacks, each with what brings it.</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object · 输出 JSON" };

    public static Command Build()
    {
        var command = new Command("doctor", "check this host · 检查本机") { Json };
        command.SetAction(parsed => Check(SharedOptions.Open(parsed), parsed.GetValue(Json)));
        return command;
    }

    private static int Check(Session session, bool isJson)
    {
        IReadOnlyList<HostCheck> checks = HostChecks.All();
        if (isJson) session.Out.WriteLine(Encode(session, checks));
        else foreach (HostCheck check in checks) Print(session, check);
        return checks.All(check => check.IsOk || !check.IsNeeded) ? ExitCode.AllPass : ExitCode.Preflight;
    }

    private static void Print(Session session, HostCheck check)
    {
        string mark = check.IsOk ? session.Say("正常", "ok") : session.Say("异常", "not ok");
        session.Out.WriteLine($"{check.Id,-18}{mark,-8}{session.Say(check.Found)}");
        if (check.Remedy is { } remedy) session.Out.WriteLine($"{"",-26}{session.Say(remedy)}");
    }

    private static JsonObject Encode(Session session, IReadOnlyList<HostCheck> checks) => new()
    {
        {
            "checks", new JsonArray(checks.Select(check =>
            {
                JsonObject json = new()
                {
                    { "id", check.Id }, { "ok", check.IsOk }, { "needed", check.IsNeeded },
                    { "found", session.Say(check.Found) },
                };
                if (check.Remedy is { } remedy) json.Add("remedy", session.Say(remedy));
                return json;
            }))
        },
        { "ok", checks.All(check => check.IsOk || !check.IsNeeded) },
    };
}
