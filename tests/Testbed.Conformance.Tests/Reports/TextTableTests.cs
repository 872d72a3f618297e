using System.Text.RegularExpressions;
using Testbed.Conformance.Reports;
using Testbed.Conformance.Reports.Text;
using Testbed.Conformance.Results;

namespace Testbed.Conformance.Tests.Reports;

public class TextTableTests
{
    [Test]
    public void No_line_is_wider_than_the_terminal(
        [Values("zh-CN", "en")] string language, [Values(40, 57, 80, 200)] int width)
    {
        RunReport report = SampleReport.Create(new string('长', 300) + new string('x', 300));
        foreach (TextRow row in TextTable.Rows(report, language, width))
            Assert.That(ColumnText.Columns(row.Text), Is.LessThanOrEqualTo(width), row.Text);
    }

    [Test]
    public void Every_requirement_stands_in_the_table_with_its_verdict([Values("zh-CN", "en")] string language)
    {
        RunReport report = SampleReport.Create();
        IReadOnlyList<TextRow> rows = TextTable.Rows(report, language, 80);
        foreach (RequirementResult requirement in report.Judgement.Requirements)
        {
            TextRow row = rows.Single(each => each.Text.StartsWith(requirement.Id + " "));
            Assert.That(row.Verdict, Is.EqualTo(requirement.Verdict));
            Assert.That(row.Text, Does.Contain(ReportTexts.Name(requirement.Verdict).In(language)));
        }
    }

    [Test]
    public void The_totals_line_adds_up_to_the_number_of_requirements([Values("zh-CN", "en")] string language)
    {
        string last = TextTable.Rows(SampleReport.Create(), language, 200)[^1].Text;
        int[] numbers = [.. Regex.Matches(last, "[0-9]+").Select(match => int.Parse(match.Value))];
        Assert.That(numbers[0], Is.EqualTo(12));
        Assert.That(numbers[1..].Sum(), Is.EqualTo(12));
        Assert.That(numbers, Has.Length.EqualTo(8));
    }

    [Test]
    public void A_terminal_is_given_no_escape_sequences()
    {
        string table = TextTable.Render(SampleReport.Create("evil\u001b]0;owned\u0007\r\n\u009b31m"), "en", 80);
        Assert.That(table.Any(c => char.IsControl(c) && c != '\n'), Is.False);
    }

    [TestCase("abc", 3)]
    [TestCase("符合", 4)]
    [TestCase("5G安全", 6)]
    [TestCase("e\u0301", 1)]
    [TestCase("（≤ 20）", 8)]
    [TestCase("😀", 2)]
    public void Chinese_takes_two_columns(string text, int columns) =>
        Assert.That(ColumnText.Columns(text), Is.EqualTo(columns));

    [Test]
    public void Lines_break_at_spaces_and_between_Chinese_but_never_before_closing_punctuation()
    {
        Assert.That(ColumnText.Wrap("one two three", 8), Is.EqualTo(new[] { "one two", "three" }));
        Assert.That(ColumnText.Wrap("检查接口，再测。", 8), Is.EqualTo(new[] { "检查接", "口，再", "测。" }));
        Assert.That(ColumnText.Wrap("abcdefghij", 4), Is.EqualTo(new[] { "abcd", "efgh", "ij" }));
        Assert.That(ColumnText.Wrap("", 4), Is.EqualTo(new[] { "" }));
    }
}
