using System.Text.Json;
using Testbed.Conformance;
using Testbed.Probes.Conformance;
using Testbed.Probes.Http;

namespace Testbed.Probes.Exposure.Interfaces;

/// <summary>
/// EXP-007: asks CAPIF for all APIs, and each that it lists for what it serves. Parameters as in
/// <see cref="ExposureAccess"/>; apis: what the list must hold.
/// </summary>
internal sealed class DiscoveryProbe : IProbe
{
    private const string RecordName = "exposure-discovery.csv";
    /// <summary>Calls that one list can cause.</summary>
    private const int CallsMax = 100;
    private const int UnknownPort = 443;

    public string Kind => "exposure-discovery";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        string[] apis = NefApis.Read(parameters);
        Uri capif = parameters.Web("capif");
        return ProbeThread.GuardAsync(async () =>
        {
            using ExposureAccess access = ExposureAccess.Open(parameters, host);
            using StepList steps = new(host, RecordName);
            ApiAnswer answer = await access.CallAsync(new(HttpMethod.Get, ExposureAccess.Below(
                capif, $"service-apis/v1/allServiceAPIs?api-invoker-id={access.AfId}")), cancellation);
            IReadOnlyList<ConformanceFinding> findings =
                new ConformanceCheck(ApiDescription.Load("capif-discovery")).Answer("discover", answer);
            if (findings.Count == 0 && !answer.IsSuccess)
                steps.Fail("discover", new(
                    $"发现未成功（{answer.Summary.Zh}）", $"no discovery ({answer.Summary.En})"), answer);
            else if (findings.Count == 0) steps.Pass("discover", answer);
            foreach (ConformanceFinding finding in findings) steps.Fail("discover", finding.Text, answer);
            ListedApi[] listed = [.. Listed(answer, access.AfId)];
            foreach (string api in apis)
                steps.Take($"lists {api}", listed.Any(each => each.Name == api),
                    new($"CAPIF 未列出已申报的 {api}", $"CAPIF does not list {api}, which is claimed"));
            foreach (ListedApi api in listed.Take(CallsMax))
                await InvokeAsync(access, api, apis.Contains(api.Name, StringComparer.Ordinal), steps, cancellation);
            int planned = 1 + 2 * apis.Length;
            return new([steps.Build("capif-discovery-failures", $"{Kind}@{host.Kit}", planned)], [RecordName]);
        });
    }

    /// <summary>One way to an API that the list gives.</summary>
    private sealed record ListedApi(string Name, Uri? Resource);

    private static async Task InvokeAsync(
        ExposureAccess access, ListedApi api, bool isClaimed, StepList steps, CancellationToken cancellation)
    {
        if (api.Resource is not { } resource)
        {
            steps.Fail(api.Name, new($"{api.Name} 没有可调用的地址", $"{api.Name} has no address that can be called"));
            return;
        }
        ApiAnswer answer = await access.CallAsync(new(HttpMethod.Get, resource), cancellation);
        LocalText why = new(
            $"目录中的 {api.Name}（{resource}）不可用：{answer.Summary.Zh}",
            $"{api.Name} is listed at {resource} and does not work: {answer.Summary.En}");
        // Our rights reach to what is claimed, and that can be read. Elsewhere whoever wants another right than ours,
        // or another method, is there and works; nobody who is not there answers so.
        bool works = answer.IsSuccess || (!isClaimed && answer.Status is System.Net.HttpStatusCode.Forbidden
            or System.Net.HttpStatusCode.MethodNotAllowed);
        if (works) steps.Pass(api.Name, answer);
        // The kit has just reached CAPIF: that what it lists is not there is not the kit's fault.
        else steps.Fail(api.Name, why, answer.Fault.MayBeTheKits() ? null : answer);
    }

    private static IEnumerable<ListedApi> Listed(ApiAnswer answer, string afId)
    {
        using JsonDocument? json = answer.IsSuccess ? answer.Json() : null;
        if (json?.RootElement is not { ValueKind: JsonValueKind.Object } root) yield break;
        foreach (JsonElement api in Objects(root, "serviceAPIDescriptions"))
        {
            string name = Text(api, "apiName") ?? "?";
            foreach (JsonElement profile in Objects(api, "aefProfiles"))
                foreach (Uri at in Roots(profile))
                    yield return new(name, Resource(at, name, profile, afId));
        }
    }

    private static IEnumerable<Uri> Roots(JsonElement profile)
    {
        if (Text(profile, "domainName") is { } domain
            && Uri.TryCreate($"https://{domain}/", UriKind.Absolute, out Uri? at))
            yield return at;
        foreach (JsonElement each in Objects(profile, "interfaceDescriptions"))
        {
            string host = Text(each, "ipv4Addr") ?? (Text(each, "ipv6Addr") is { } wide ? $"[{wide}]" : "");
            int port = each.TryGetProperty("port", out JsonElement number) && number.ValueKind is JsonValueKind.Number
                && number.TryGetInt32(out int value) && value is > 0 and <= ushort.MaxValue ? value : UnknownPort;
            if (Uri.TryCreate($"https://{host}:{port}/", UriKind.Absolute, out Uri? address)) yield return address;
        }
    }

    /// <summary>
    /// Of the first version the first resource with the fewest names in braces, and our name for each of those: what
    /// hangs on the identifier of a resource is not there before somebody makes one.
    /// </summary>
    private static Uri? Resource(Uri root, string api, JsonElement profile, string afId)
    {
        JsonElement version = Objects(profile, "versions").FirstOrDefault();
        if (version.ValueKind is not JsonValueKind.Object || Text(version, "apiVersion") is not { } number) return null;
        JsonElement resource = Objects(version, "resources")
            .OrderBy(each => Text(each, "uri")?.Count(sign => sign == '{') ?? 0).FirstOrDefault();
        string suffix = resource.ValueKind is JsonValueKind.Object ? Text(resource, "uri") ?? "" : "";
        string path = string.Join('/', suffix.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part is ['{', .., '}'] ? afId : part));
        return Uri.TryCreate(root, $"{api}/{number}/{path}", out Uri? address) ? address : null;
    }

    private static IEnumerable<JsonElement> Objects(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement list) && list.ValueKind is JsonValueKind.Array
            ? list.EnumerateArray().Where(each => each.ValueKind is JsonValueKind.Object) : [];

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String
            ? value.GetString() : null;
}
