using Testbed.Conformance;

namespace Testbed.Cli.Output;

/// <summary>
/// An end of the command that the user can do something about: a message in both languages, perhaps a remedy,
/// and the exit code. Never a defect of ours.
/// </summary>
internal sealed class CliException(int exitCode, LocalText message, LocalText? remedy = null)
    : Exception(message.En)
{
    public int Code { get; } = exitCode;
    public LocalText Text { get; } = message;
    public LocalText? Remedy { get; } = remedy;

    public static CliException Usage(string zh, string en, string? example = null) =>
        new(ExitCode.Usage, new(zh, en), example is null ? null : new($"示例：{example}", $"example: {example}"));
}
