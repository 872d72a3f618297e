namespace Testbed.Conformance;

/// <summary>One sentence or title in both languages of the product.</summary>
public sealed record LocalText(string Zh, string En)
{
    public string In(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Zh : En;
    public override string ToString() => $"{Zh} · {En}";
}
