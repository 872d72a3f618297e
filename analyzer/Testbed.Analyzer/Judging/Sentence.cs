using Testbed.Conformance;

namespace Testbed.Analyzer.Judging;

/// <summary>Parts to one sentence in either language.</summary>
internal static class Sentence
{
    public static LocalText Of(LocalText only) => new(
        only.Zh.TrimEnd('。', '；') + "。", Capital(only.En.TrimEnd('.', ';')) + ".");

    public static LocalText Of(LocalText first, LocalText second) => Of(new LocalText(
        $"{first.Zh.TrimEnd('。', '；')}；{second.Zh}", $"{first.En.TrimEnd('.', ';')}; {second.En}"));

    private static string Capital(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
