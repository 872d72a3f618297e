using System.CommandLine;
using Testbed.Analyzer.Drafting;
using Testbed.Cli.Captures;
using Testbed.Cli.Output;
using Testbed.Conformance.Claims;

namespace Testbed.Cli.Commands;

/// <summary>
/// <c>testbed claim init</c>: a whole claim to fill in, or a draft of one from captures; on stdout or in a new file.
/// </summary>
internal static class ClaimInitCommand
{
    private const string Example = "testbed claim init lab.yaml --from n3.pcapng n4.pcapng n6.pcapng";

    private static readonly Argument<string?> File = new("lab.yaml")
    {
        Description = "new file; stdout when left out · 新文件", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string[]> From = new("--from")
    {
        Description = "draft it from captures of any point · 由采集文件推测草稿", HelpName = "FILE...",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Build()
    {
        var command = new Command("init", "write a claim to fill in · 生成声明模板") { File, From };
        command.SetAction((parsed, cancellation) => Task.FromResult(Write(
            SharedOptions.Open(parsed), parsed.GetValue(File), parsed.GetValue(From) ?? [], cancellation)));
        return command;
    }

    private static int Write(Session session, string? path, string[] captures, CancellationToken cancellation)
    {
        // A claim that stands already is named before captures are read for minutes.
        if (path is not null && System.IO.File.Exists(path)) throw Refused(path, new IOException("it exists"));
        string text = captures.Length == 0 ? ClaimTemplate.Create() : Draft(session, captures, cancellation);
        if (path is null)
        {
            session.Out.Write(text);
            return ExitCode.AllPass;
        }
        try
        {
            // Never over a file that somebody has filled in.
            using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write);
            using StreamWriter writer = new(stream);
            writer.Write(text);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, refused);
        }
        session.Note($"已生成 {path}；填好后执行 testbed claim lint {path}",
            $"wrote {path}; fill it in, then run testbed claim lint {path}");
        return ExitCode.AllPass;
    }

    private static string Draft(Session session, string[] captures, CancellationToken cancellation)
    {
        ClaimDraft draft = CaptureErrors.Guard(captures, Example, () => ClaimDrafter.Draft(captures, cancellation));
        foreach (DraftTap tap in draft.Taps)
            session.Note($"{tap.File}：{tap.Point ?? "未能识别"}", $"{tap.File}: {tap.Point ?? "not recognised"}");
        string text = ClaimDraftText.Write(draft);
        int guesses = Count(text, ClaimDraftText.GuessMark), gaps = Count(text, ClaimDraftText.FillMark);
        session.Note($"{guesses} 处猜测，{gaps} 处待填", $"{guesses} guesses to check, {gaps} places to fill in");
        return text;
    }

    private static int Count(string text, string mark) => text.Split(mark).Length - 1;

    private static CliException Refused(string path, Exception reason) => CliException.Usage(
        $"无法创建 {path}：{reason.Message}", $"cannot create {path}: {reason.Message}", "testbed claim init lab.yaml");
}
