using Testbed.Conformance.Reports.Html;

namespace Testbed.Conformance.Tests.Reports;

public class FileListTests
{
    [TestCase("a/n3-0000.pcapng a/n3-0001.pcapng a/n3-0002.pcapng", "a/n3-0000.pcapng … n3-0002.pcapng (3 files)")]
    [TestCase("a/n3-0000.pcapng a/n3-0001.pcapng", "a/n3-0000.pcapng|a/n3-0001.pcapng")]
    [TestCase("a/n3-08.pcapng a/n3-10.pcapng a/n3-12.pcapng", "a/n3-08.pcapng|a/n3-10.pcapng|a/n3-12.pcapng")]
    [TestCase("a/n3-1.pcapng a/n4-2.pcapng a/n3-3.pcapng", "a/n3-1.pcapng|a/n4-2.pcapng|a/n3-3.pcapng")]
    [TestCase("n3-8.csv n3-9.csv n3-10.csv", "n3-8.csv|n3-9.csv|n3-10.csv")]
    [TestCase("n3-0014.pcapng#15935 n3-0015.pcapng#1 n3-0016.pcapng#7",
        "n3-0014.pcapng#15935|n3-0015.pcapng#1|n3-0016.pcapng#7")]
    [TestCase("x n3-01 n3-02 n3-03 y.csv", "x|n3-01 … n3-03 (3 files)|y.csv")]
    [TestCase("a-99999999999.csv a-0.csv a-1.csv a-2.csv", "a-99999999999.csv|a-0.csv … a-2.csv (3 files)")]
    public void Segments_that_follow_each_other_are_one_line(string files, string lines)
    {
        string html = FileList.Of(files.Split(' ')).Html;
        foreach (string markup in new[] { "<ul class=\"files\">", "<li class=\"mono\">", "<li><span class=\"mono\">" })
            html = html.Replace(markup, "", StringComparison.Ordinal);
        html = System.Text.RegularExpressions.Regex.Replace(html, "<span class=\"zh\".*?</span>", "");
        html = System.Text.RegularExpressions.Regex.Replace(html, "</?(span|ul)[^>]*>", "");
        Assert.That(html.Split("</li>", StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(lines.Split('|')));
    }
}
