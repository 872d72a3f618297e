using System.Text;
using Testbed.Conformance.Claims;

namespace Testbed.Conformance.Tests.Claims;

/// <summary>Files that are no claims at all: one error each, never an exception.</summary>
public class BadFileTests
{
    private string _folder = "";

    [SetUp]
    public void Create() => _folder = Directory.CreateTempSubdirectory("claim").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_missing_file_is_said_so()
    {
        ClaimError error = ClaimReader.Read(Path.Combine(_folder, "none.yaml")).Errors.Single();
        Assert.That(error.Text.En, Does.EndWith("none.yaml: expected a readable file, got no such file"));
        Assert.That(error.Text.Zh, Does.Contain("文件不存在"));
    }

    [Test]
    public void A_folder_is_said_so() =>
        Assert.That(ClaimReader.Read(_folder).Errors.Single().Got.En, Is.EqualTo("a directory"));

    [TestCase("", "an empty file")]
    [TestCase("# only a comment\n", "an empty file")]
    [TestCase("just words", "'just words'")]
    [TestCase("- a\n- b\n", "a list")]
    [TestCase("schema: testbed.claim/1\n---\nschema: testbed.claim/1\n", "a second document")]
    [TestCase("schema: 'open\n", "a syntax error")]
    [TestCase("a: {b: [c, d\n", "a syntax error")]
    [TestCase("a: b: c\n", "a syntax error")]
    [TestCase("site:\n\tname: x\n", "a tab as indentation")]
    [TestCase("? [a, b]\n: c\nschema: testbed.claim/9\n", "a list")]
    [TestCase("%YAML 9.9\n---\na: b\n", "")]
    [TestCase("a\0b: c\n", "binary content")]
    public void A_file_that_is_no_claim_gets_one_plain_error(string text, string got)
    {
        ClaimReadResult result = ClaimReader.Parse(text, "lab.yaml");
        Assert.That(result.Claim, Is.Null);
        Assert.That(result.Errors[0].Got.En, Does.Contain(got));
    }

    [Test]
    public void A_syntax_error_says_line_and_column()
    {
        ClaimError error = ClaimReader.Parse("schema: testbed.claim/1\nsite:\n\tname: x\n", "lab.yaml").Errors.Single();
        Assert.That((error.Line, error.Column), Is.EqualTo((3, 1)));
    }

    [Test]
    public void Binary_content_is_said_so()
    {
        string path = Path.Combine(_folder, "lab.yaml");
        File.WriteAllBytes(path, [0x0a, 0x0d, 0x0d, 0x0a, 0xff, 0xfe, 0x80]);
        Assert.That(ClaimReader.Read(path).Errors.Single().Got.En, Does.Contain("binary"));
    }

    [Test]
    public void Another_encoding_is_said_so()
    {
        string path = Path.Combine(_folder, "lab.yaml");
        File.WriteAllText(path, "schema: testbed.claim/1", Encoding.Unicode);
        Assert.That(ClaimReader.Read(path).Errors.Single().Expected.En, Does.Contain("UTF-8"));
    }

    [Test]
    public void More_than_a_mebibyte_is_refused()
    {
        string path = Path.Combine(_folder, "lab.yaml");
        File.WriteAllBytes(path, new byte[(1 << 20) + 1]);
        Assert.That(ClaimReader.Read(path).Errors.Single().Expected.En, Does.Contain("1 MiB"));
    }

    [Test]
    public void Deep_nesting_is_refused()
    {
        string text = "schema: " + new string('[', 5_000) + new string(']', 5_000);
        Assert.That(ClaimReader.Parse(text, "lab.yaml").Errors.Single().Expected.En, Does.Contain("levels"));
    }

    [Test]
    public void No_mutilated_example_brings_the_reader_down()
    {
        string example = Repository.ReadText("profiles/claim.example.yaml");
        var random = new Random(220);
        for (int trial = 0; trial < 500; trial++)
        {
            var text = new StringBuilder(example);
            for (int edit = random.Next(1, 6); edit > 0; edit--)
            {
                int at = random.Next(text.Length);
                if (random.Next(2) == 0) text[at] = "\t\n{}[]:,\"'#&*!|>%@`-? \0a0"[random.Next(25)];
                else text.Remove(at, Math.Min(random.Next(1, 40), text.Length - at));
            }
            ClaimReadResult result = ClaimReader.Parse(text.ToString(), "lab.yaml");
            Assert.That(result.Claim is null, Is.EqualTo(result.Errors.Count > 0));
            Assert.That(result.Errors, Has.All.Property(nameof(ClaimError.Expected)).Not.Null);
        }
    }
}
