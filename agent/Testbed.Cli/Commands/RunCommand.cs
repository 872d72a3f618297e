using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Testbed.Cli.Output;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Profiles;
using Testbed.Conformance.Reports;
using Testbed.Evidence.Files;
using Testbed.Server.Agents;
using Testbed.Server.Planning;
using Testbed.Server.Runs;

namespace Testbed.Cli.Commands;

/// <summary><c>testbed run lab.yaml</c>: one inspection, from the frozen plan to the report.</summary>
internal static class RunCommand
{
    private static readonly Argument<string> ClaimFile = new("lab.yaml") { Description = "the claim · 声明文件" };

    private static readonly Option<string> Plan = MakePlan();
    private static readonly Option<string[]> Only = new("--only")
    {
        Description = "only these requirements, e.g. 'SLC-*' · 只执行", HelpName = "PATTERN",
    };
    private static readonly Option<string[]> Skip = new("--skip")
    {
        Description = "not these requirements · 跳过", HelpName = "PATTERN",
    };
    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "print what would be sent, send nothing · 只打印计划的流量",
    };
    private static readonly Option<bool> Json = new("--json")
    {
        Description = "with --dry-run: the plan as one JSON object · 输出 JSON",
    };
    private static readonly Option<string?> Out = new("--out")
    {
        Description = "run folder; default runs/<id> · 运行目录", HelpName = "DIR",
    };
    private static readonly Option<string?> Socket = new("--socket")
    {
        Description = "Unix socket on which agents dial in · 代理连接的套接字", HelpName = "PATH",
    };

    private static readonly Option<int> Wait = MakeWait();

    public static Command Build()
    {
        var command = new Command("run", "inspect the testbed that a claim describes · 执行核验")
        {
            ClaimFile, Plan, Only, Skip, DryRun, Json, Out, Socket, Wait,
        };
        command.SetAction((parsed, cancellation) => RunAsync(SharedOptions.Open(parsed), parsed, cancellation));
        return command;
    }

    private static Option<string> MakePlan()
    {
        var option = new Option<string>("--plan")
        {
            Description = "quick or full · 计划", HelpName = "quick|full", DefaultValueFactory = _ => "full",
        };
        option.AcceptOnlyFromAmong("quick", "full");
        return option;
    }

    private static Option<int> MakeWait()
    {
        var option = new Option<int>("--wait")
        {
            Description = "seconds to wait for the kits · 等待套件的秒数", HelpName = "SECONDS",
            DefaultValueFactory = _ => WaitSecondsDefault,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > WaitSecondsMax)
                result.AddError($"--wait: 1..{WaitSecondsMax} seconds · 秒");
        });
        return option;
    }

    private static async Task<int> RunAsync(Session session, ParseResult parsed, CancellationToken cancellation)
    {
        string claimPath = parsed.GetRequiredValue(ClaimFile);
        Claim claim = ClaimFiles.Read(session, claimPath);
        Profile profile = Profiles.Require(claim.Profile);
        RequirementFilter filter = new(parsed.GetValue(Only) ?? [], parsed.GetValue(Skip) ?? []);
        if (filter.FirstUnknown([.. profile.Requirements.Select(each => each.Id)]) is { } unknown)
            throw CliException.Usage($"没有与 '{unknown}' 匹配的要求", $"no requirement matches '{unknown}'", "--only 'SCN-*'");
        byte[] nonce = RandomNumberGenerator.GetBytes(PlanBuilder.NonceBytes);
        RunRequest request = new()
        {
            RunId = NewId(nonce), Nonce = nonce, Claim = claim, ClaimPath = claimPath,
            ExposureCa = Ca("exposure.nef.ca", claim.Exposure?.Nef?.Ca, claimPath),
            EdgeCas = claim.Edge.Where(host => host.Ca is not null)
                .ToDictionary(host => host.Name, host => Ca("edge.ca", host.Ca, claimPath), StringComparer.Ordinal),
            Size = parsed.GetValue(Plan) == "quick" ? PlanSize.Quick : PlanSize.Full, Filter = filter,
            SocketPath = parsed.GetValue(Socket) ?? "", GatherWithin = TimeSpan.FromSeconds(parsed.GetValue(Wait)),
            ToolVersion = ProductVersion.Version, ToolCommit = ProductVersion.Commit,
        };
        if (parsed.GetValue(DryRun)) return PrintPlan(session, request, profile, parsed.GetValue(Json));
        string folder = parsed.GetValue(Out) ?? Path.Combine("runs", request.RunId);
        using SocketPlace place = SocketPlace.For(request.SocketPath);
        return await InspectAsync(session, request with { SocketPath = place.Path }, profile, folder, cancellation);
    }

    private static async Task<int> InspectAsync(
        Session session, RunRequest request, Profile profile, string path, CancellationToken cancellation)
    {
        try
        {
            RunFolder folder = RunFolder.Create(path);
            RunReport report;
            using (RunProgressLine progress = new(session, TimeProvider.System))
                report = await RunCoordinator.RunAsync(
                    request, profile, folder, progress, TimeProvider.System, cancellation);
            ReportTable.Print(session, report);
            session.Out.WriteLine(session.Say($"报告：{folder.Html}", $"report: {folder.Html}"));
            return report.Judgement.ExitCode;
        }
        catch (PreflightException missing)
        {
            throw new CliException(ExitCode.Preflight, missing.Text, missing.Remedy);
        }
        catch (AgentListenerException unusable)
        {
            throw new CliException(ExitCode.Preflight, unusable.Text);
        }
        catch (RunFolderException unusable)
        {
            throw new CliException(ExitCode.Usage, unusable.Text);
        }
        catch (EvidenceWriteException refused)
        {
            throw new CliException(ExitCode.Preflight,
                new($"证据无法落盘，运行已停止：{refused.Message}",
                    $"the disc does not take the evidence; stopped: {refused.Message}"),
                new($"请在 {Path.GetFullPath(path)} 所在磁盘释放空间，或用 --out 指定另一磁盘上的目录；未送达的证据留在各套件的暂存目录",
                    $"free space where {Path.GetFullPath(path)} is, or name a folder on another disc with --out; "
                        + "evidence that did not arrive stays in the kits' spool folders"));
        }
    }

    private static int PrintPlan(Session session, RunRequest request, Profile profile, bool asJson)
    {
        RunPlan plan = PlanBuilder.Build(new(request.RunId, request.Claim, profile.Reference, profile.Digest,
            request.Nonce, request.Size, request.Filter, new NoKits())
        {
            ExposureCa = request.ExposureCa, EdgeCas = request.EdgeCas,
        });
        if (asJson) session.Out.WriteLine(Encoding.UTF8.GetString(plan.Encode()));
        else TrafficTable.Print(session, plan);
        session.Note($"共 {plan.Tasks.Count()} 个任务，约 {plan.Seconds} 秒；未发送任何报文",
            $"{plan.Tasks.Count()} tasks, about {plan.Seconds} s; nothing was sent");
        return ExitCode.AllPass;
    }

    /// <summary>The CA file lies where the claim says, from the claim's own folder.</summary>
    private static string Ca(string key, string? name, string claimPath)
    {
        if (name is null) return "";
        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(claimPath))!, name);
        try
        {
            FileInfo file = new(path);
            if (file.Length <= CaBytesMax) return File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Said below, with what to do.
        }
        throw CliException.Usage($"{key}：无法读取 {path}（不超过 {CaBytesMax} 字节的 PEM 文件）",
            $"{key}: cannot read {path} (a PEM file of at most {CaBytesMax} bytes)", "ca: nef-ca.pem");
    }

    private const int CaBytesMax = 64 * 1024;
    private const int WaitSecondsDefault = 20;
    private const int WaitSecondsMax = 3_600;

    // The time makes ids sort; the nonce keeps two runs of one second apart.
    private static string NewId(byte[] nonce) =>
        TimeProvider.System.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)
            + "-" + Convert.ToHexStringLower(nonce.AsSpan(0, 3));
}
