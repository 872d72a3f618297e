namespace Testbed.Conformance.Claims;

/// <summary>
/// One fault of a claim or profile file, in words that the file's author can act on.
/// </summary>
/// <param name="Line">From 1; 0 when the fault is the whole file's.</param>
/// <param name="Column">From 1.</param>
/// <param name="Key">Path of the key, e.g. <c>slices[1].sd</c>; empty when the fault is the whole file's.</param>
/// <param name="Example">A line that would be right; empty when none would help.</param>
public sealed record ClaimError(
    string File, int Line, int Column, string Key, LocalText Expected, LocalText Got, string Example)
{
    /// <summary><c>lab.yaml:12:9: slices[1].sd: expected …, got …; example: …</c></summary>
    public LocalText Text
    {
        get
        {
            string place = Line > 0 ? $"{File}:{Line}:{Column}" : File;
            if (Key.Length > 0) place += $": {Key}";
            string zh = $"{place}：应为{Expected.Zh}，实为{Got.Zh}";
            string en = $"{place}: expected {Expected.En}, got {Got.En}";
            return Example.Length == 0 ? new(zh, en) : new($"{zh}；示例：{Example}", $"{en}; example: {Example}");
        }
    }

    public override string ToString() => Text.En;
}
