using System.CommandLine;
using Testbed.Conformance;

namespace Testbed.Cli.Output;

/// <summary>What every command shares: language, streams, verbosity. Results go to <see cref="Out"/>, progress to
/// <see cref="Error"/>.</summary>
internal sealed record Session(string Language, bool IsQuiet, bool IsColoured, TextWriter Out, TextWriter Error)
{
    public bool IsErrorTerminal { get; } = !Console.IsErrorRedirected;
    public bool IsOutTerminal { get; } = !Console.IsOutputRedirected;

    public string Say(string zh, string en) => Language.StartsWith("zh", StringComparison.Ordinal) ? zh : en;
    public string Say(LocalText text) => text.In(Language);

    /// <summary>A line about the work, not a result; silent when the user asked for quiet.</summary>
    public void Note(string zh, string en)
    {
        if (!IsQuiet) Error.WriteLine(Say(zh, en));
    }
}

/// <summary>The options that every command takes.</summary>
internal static class SharedOptions
{
    public static readonly Option<string?> Language = MakeLanguage();

    public static readonly Option<bool> Quiet = new("--quiet")
    {
        Description = "no progress on stderr · 不显示进度", Recursive = true,
    };

    private static Option<string?> MakeLanguage()
    {
        var option = new Option<string?>("--lang")
        {
            Description = "zh-CN or en; default from LANG · 语言", Recursive = true, HelpName = "zh-CN|en",
        };
        option.AcceptOnlyFromAmong("zh-CN", "en");
        return option;
    }

    public static Session Open(ParseResult parsed) => new(
        LanguageOf(parsed),
        parsed.GetValue(Quiet),
        !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        parsed.InvocationConfiguration.Output,
        parsed.InvocationConfiguration.Error);

    public static string LanguageOf(ParseResult parsed) => parsed.GetValue(Language) ?? DefaultLanguage();

    /// <summary>The language that the environment asks for, by POSIX precedence.</summary>
    private static string DefaultLanguage()
    {
        foreach (string name in (ReadOnlySpan<string>)["LC_ALL", "LC_MESSAGES", "LANG"])
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                return value.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? "zh-CN" : "en";
        return "en";
    }
}
