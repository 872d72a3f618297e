namespace Testbed.Conformance;

/// <summary>One sentence or title in both languages of the product.</summary>
public sealed record LocalText(string Zh, string En)
{
    /// <summary>A name or a clause that reads the same in both.</summary>
    public static LocalText Same(string text) => new(text, text);

    public string In(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Zh : En;
    public override string ToString() => $"{Zh} · {En}";
}
