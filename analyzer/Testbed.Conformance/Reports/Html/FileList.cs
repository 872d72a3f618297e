namespace Testbed.Conformance.Reports.Html;

/// <summary>Files of evidence, a line each; segments that follow each other are one line.</summary>
internal static class FileList
{
    /// <summary>Two names are as short as a range.</summary>
    private const int RangeMin = 3;

    private readonly record struct Numbered(string Before, int Number, int Digits, string After)
    {
        public bool IsFollowedBy(Numbered next) => next.Number == Number + 1
            && (next.Before, next.Digits, next.After) == (Before, Digits, After);
    }

    public static Markup Of(IReadOnlyList<string> files) => HtmlWriter.Part(html =>
    {
        html.Add($"<ul class=\"files\">");
        for (int from = 0, next; from < files.Count; from = next)
        {
            next = EndOfRange(files, from);
            if (next - from < RangeMin)
            {
                next = from + 1;
                html.Add($"<li class=\"mono\">{files[from]}</li>");
                continue;
            }
            LocalText count = new($"（{next - from} 个文件）", $" ({next - from} files)");
            html.Add($"<li><span class=\"mono\">{files[from]} … {NameOf(files[next - 1])}</span>{count}</li>");
        }
        html.Add($"</ul>");
    });

    private static int EndOfRange(IReadOnlyList<string> files, int from)
    {
        int next = from + 1;
        for (Numbered? last = Read(files[from]); last is { } before && next < files.Count; next++)
        {
            last = Read(files[next]);
            if (last is not { } after || !before.IsFollowedBy(after)) break;
        }
        return next;
    }

    private static string NameOf(string file) => file[(file.LastIndexOf('/') + 1)..];

    /// <summary>The last number before the extension; null where there is none.</summary>
    private static Numbered? Read(string file)
    {
        int point = file.LastIndexOf('.'), end = point < 0 ? file.Length : point, start = end;
        while (start > 0 && char.IsAsciiDigit(file[start - 1])) start--;
        return int.TryParse(file.AsSpan(start, end - start), out int number)
            ? new(file[..start], number, end - start, file[end..]) : null;
    }
}
