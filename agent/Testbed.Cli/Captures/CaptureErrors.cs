using Testbed.Cli.Output;
using Testbed.Wire.Files;

namespace Testbed.Cli.Captures;

/// <summary>Tells a user what is wrong with a capture: never a stack trace, always the file.</summary>
internal static class CaptureErrors
{
    /// <summary>Runs what reads these files; what is wrong with one ends the command with exit code 2.</summary>
    public static T Guard<T>(IEnumerable<string> files, string example, Func<T> read)
    {
        foreach (string path in files) RequireFile(path, example);
        try
        {
            return read();
        }
        catch (Exception wrong) when (Explain(wrong, example) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>What to tell the user of an exception that reading a capture threw; null when it is another.</summary>
    public static CliException? Explain(Exception exception, string example) => exception switch
    {
        CaptureFileException wrong => CliException.Usage(
            $"{wrong.File}：不是采集文件（字节 {wrong.Offset} 处应为 {wrong.Expected}，实为 {wrong.Found}）",
            $"{wrong.File}: no capture (byte {wrong.Offset}: expected {wrong.Expected}, found {wrong.Found})",
            example),
        IOException or UnauthorizedAccessException => CliException.Usage(
            $"无法读取采集文件：{exception.Message}", $"a capture cannot be read: {exception.Message}", example),
        _ => null,
    };

    public static void RequireFile(string path, string example)
    {
        (string zh, string en)? wrong = Directory.Exists(path) ? ("是目录", "is a folder")
            : !File.Exists(path) ? ("不存在", "does not exist") : null;
        if (wrong is var (reasonZh, reasonEn))
            throw CliException.Usage($"{path}：{reasonZh}", $"{path}: {reasonEn}", example);
    }
}
