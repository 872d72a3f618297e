using System.CommandLine;
using Testbed.Cli.Output;
using Testbed.Conformance.Claims;

namespace Testbed.Cli.Commands;

/// <summary><c>testbed claim init</c>: a whole claim to fill in, on stdout or in a new file.</summary>
internal static class ClaimInitCommand
{
    private static readonly Argument<string?> File = new("lab.yaml")
    {
        Description = "new file; stdout when left out · 新文件", Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Build()
    {
        var command = new Command("init", "write a claim to fill in · 生成声明模板") { File };
        command.SetAction(parsed => Write(SharedOptions.Open(parsed), parsed.GetValue(File)));
        return command;
    }

    private static int Write(Session session, string? path)
    {
        string template = ClaimTemplate.Create();
        if (path is null)
        {
            session.Out.Write(template);
            return ExitCode.AllPass;
        }
        try
        {
            // Never over a file that somebody has filled in.
            using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write);
            using StreamWriter writer = new(stream);
            writer.Write(template);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"无法创建 {path}：{refused.Message}", $"cannot create {path}: {refused.Message}",
                "testbed claim init lab.yaml");
        }
        session.Note($"已生成 {path}；填好后执行 testbed claim lint {path}",
            $"wrote {path}; fill it in, then run testbed claim lint {path}");
        return ExitCode.AllPass;
    }
}
