using Testbed.Probes.Http;

namespace Testbed.Probes.Exposure.Access;

/// <summary>
/// Another application function than our own: the claim's, which can show that its resources are there, else a name
/// that nobody has. Parameters otherAfId, otherClientId, otherSecret (env:NAME); all empty where the claim names none.
/// </summary>
internal sealed class OtherFunction
{
    private readonly ExposureAccess _access;
    private readonly TokenSource? _token;

    private OtherFunction(string afId, ExposureAccess access, TokenSource? token) =>
        (AfId, _access, _token) = (afId, access, token);

    public string AfId { get; }

    /// <exception cref="SecretMissing">The kit's environment does not hold the secret.</exception>
    public static OtherFunction Read(ProbeParameters parameters, ExposureAccess access)
    {
        string afId = parameters.Text("otherAfId", 200);
        if (afId.Length == 0)
            return new("af-" + Convert.ToHexStringLower(
                ProbeKeys.Derive(parameters.RunNonce.Span, "testbed other af v1").AsSpan(0, 6)), access, null);
        TokenClient client = new(access.Client, access.TokenEndpoint, parameters.Text("otherClientId", 200),
            SecretReference.Resolve(parameters.Text("otherSecret", 200)));
        return new(afId, access, new(client));
    }

    /// <summary>
    /// Whether this function itself may read the resource. Then it is there, and whoever gets a 404 for it is refused.
    /// </summary>
    public async Task<bool> IsLetInAsync(Uri resource, StepList steps, CancellationToken cancellation)
    {
        if (_token is null) return false;
        TokenResult token = await _token.GetAsync(cancellation).ConfigureAwait(false);
        ApiAnswer answer = token.Token is null ? token.Answer : await _access.Client.CallAsync(
            new(HttpMethod.Get, resource) { Token = token.Token }, cancellation).ConfigureAwait(false);
        if (answer.IsSuccess && token.Token is not null) return true;
        steps.Undecided("the other AF itself", new(
            $"申报的另一个 AF（{AfId}）自己也读不到 {resource.AbsolutePath}（{answer.Summary.Zh}），不能说明他人被拒绝",
            $"the other AF of the claim ({AfId}) cannot read {resource.AbsolutePath} itself ({answer.Summary.En}), so "
                + "nobody's refusal shows anything"), answer);
        return false;
    }
}
