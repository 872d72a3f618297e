using System.Text.Json;
using Testbed.Conformance;
using Testbed.Probes.Conformance;
using Testbed.Probes.Http;

namespace Testbed.Probes.Exposure.Interfaces;

/// <summary>
/// EXP-007: asks CAPIF for all APIs, and each that it lists for what it serves. Our token goes to servers that the
/// claim names and to no other, and no other host is called at all. Parameters as in <see cref="ExposureAccess"/>;
/// apis: what the list must hold.
/// </summary>
internal sealed class DiscoveryProbe : IProbe
{
    private const string RecordName = "exposure-discovery.csv";
    /// <summary>Calls that one list can cause.</summary>
    private const int CallsMax = 100;
    private const int NotesMax = 10;
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
            ClaimedServers servers = await ClaimedServers.OfAsync(access, cancellation);
            List<ListedApi> listed = [];
            foreach (ListedApi api in Listed(answer, access.AfId).Take(CallsMax))
                listed.Add(await servers.PlaceAsync(api, cancellation));
            foreach (string api in apis) TakeListed(api, [.. listed.Where(each => each.Name == api)], steps);
            List<LocalText> elsewhere = [];
            foreach (ListedApi api in listed)
            {
                bool isClaimed = apis.Contains(api.Name, StringComparer.Ordinal);
                if (api.Place is ServerPlace.Elsewhere) elsewhere.Add(Elsewhere(api));
                else await InvokeAsync(access, api, isClaimed, steps, cancellation);
            }
            int planned = 1 + 2 * apis.Length;
            return new(
                [steps.Build("capif-discovery-failures", $"{Kind}@{host.Kit}", planned, [.. elsewhere.Take(NotesMax)])],
                [RecordName]);
        });
    }

    /// <summary>What is claimed has to be listed where it is claimed to be.</summary>
    private static void TakeListed(string api, ListedApi[] listed, StepList steps)
    {
        string step = $"lists {api}";
        if (listed.Length > 0 && listed.All(each => each.Place is not ServerPlace.Claimed))
            steps.Undecided(step, new(
                $"CAPIF 列出的 {api} 位于 {listed[0].Resource?.Authority}，而非申报的地址",
                $"CAPIF lists {api} at {listed[0].Resource?.Authority} and not where the claim has it"));
        else steps.Take(step, listed.Length > 0,
            new($"CAPIF 未列出已申报的 {api}", $"CAPIF does not list {api}, which is claimed"));
    }

    private static LocalText Elsewhere(ListedApi api) => new(
        $"目录中的 {api.Name} 位于 {api.Resource?.Authority}，申报未给出该主机，因此未调用",
        $"{api.Name} is listed at {api.Resource?.Authority}, a host that the claim does not name: it was not called");

    private static async Task InvokeAsync(
        ExposureAccess access, ListedApi api, bool isClaimed, StepList steps, CancellationToken cancellation)
    {
        if (api.Resource is not { } resource)
        {
            steps.Fail(api.Name, new($"{api.Name} 没有可调用的地址", $"{api.Name} has no address that can be called"));
            return;
        }
        ApiRequest request = new(HttpMethod.Get, resource);
        bool isOurs = api.Place is ServerPlace.Claimed;
        ApiAnswer answer = isOurs ? await access.CallAsync(request, cancellation)
            : await access.Client.CallAsync(request, cancellation);
        LocalText why = new(
            $"目录中的 {api.Name}（{resource}）不可用：{answer.Summary.Zh}",
            $"{api.Name} is listed at {resource} and does not work: {answer.Summary.En}");
        // Our rights reach to what is claimed, and that can be read. Elsewhere whoever wants another right than ours,
        // or another method, is there and works; nobody who is not there answers so.
        bool works = answer.IsSuccess || (!isClaimed && answer.Status is System.Net.HttpStatusCode.Forbidden
            or System.Net.HttpStatusCode.MethodNotAllowed)
            // A port of its own that the claim does not name gets no token, and wants one.
            || (!isOurs && answer.Status is System.Net.HttpStatusCode.Unauthorized
                or System.Net.HttpStatusCode.Forbidden or System.Net.HttpStatusCode.MethodNotAllowed);
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
