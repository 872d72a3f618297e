namespace Testbed.Conformance.Claims;

/// <summary>The file that <c>testbed claim init</c> writes: a whole claim with what to fill in, explained.</summary>
public static class ClaimTemplate
{
    /// <summary>Comments in Chinese and English; reads without an error as it stands.</summary>
    public static string Create()
    {
        using Stream stream = typeof(ClaimTemplate).Assembly.GetManifestResourceStream("claim.template.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
