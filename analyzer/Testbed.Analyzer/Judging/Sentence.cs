using Testbed.Conformance;

namespace Testbed.Analyzer.Judging;

/// <summary>Parts to one sentence in either language.</summary>
internal static class Sentence
{
    public static LocalText Of(LocalText only) => new(
        only.Zh.TrimEnd('。', '；') + "。", only.En.TrimEnd('.', ';') + ".");

    public static LocalText Of(LocalText first, LocalText second) => Of(new LocalText(
        $"{first.Zh.TrimEnd('。', '；')}；{second.Zh}", $"{first.En.TrimEnd('.', ';')}; {second.En}"));
}
