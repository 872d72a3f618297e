using System.Net;
using System.Text.Json;
using Testbed.Probes.Conformance;
using Testbed.Probes.Exposure;
using Testbed.Probes.Http;

namespace Testbed.Probes.Edge;

/// <summary>
/// EDG-005: zones and users of the location API (ETSI GS MEC 013); a UE that has just had traffic must be among the
/// users, in a zone that the API knows. Parameters as in <see cref="MecAccess"/>; ueAddress.
/// </summary>
internal sealed class LocationProbe : IProbe
{
    public const string RecordName = "mec-location.csv";
    private const string KpiId = "mec-location-api-failures";

    /// <summary>Zones, one zone, users, the UE among them, its zone.</summary>
    private const int StepsPlanned = 5;

    public string Kind => "mec-location";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        IPAddress ue = parameters.Address("ueAddress");
        return ProbeThread.GuardAsync(async () =>
        {
            using MecAccess access = MecAccess.Open(parameters, host);
            using StepList steps = new(host, RecordName);
            await new Questions(access, steps).AskAsync(ue, cancellation);
            return new([steps.Build(KpiId, $"{Kind}@{host.Kit}", StepsPlanned)], [RecordName]);
        });
    }

    private sealed class Questions(MecAccess access, StepList steps)
    {
        private readonly ConformanceCheck _check = new(ApiDescription.Load("mec-location"));

        public async Task AskAsync(IPAddress ue, CancellationToken cancellation)
        {
            using JsonDocument? zones = await GetAsync("zones", "queries/zones", cancellation);
            string[] known = [.. Items(zones, "zoneList", "zone")
                .Select(zone => ServiceDocuments.Text(zone, "zoneId")).OfType<string>()];
            if (known is [var first, ..])
            {
                using JsonDocument? zone =
                    await GetAsync("zone", "queries/zones/" + Uri.EscapeDataString(first), cancellation);
            }
            else steps.Fail("zone", new("没有任何区域", "there is no zone"));
            using JsonDocument? users = await GetAsync("users", "queries/users", cancellation);
            JsonElement? found = Items(users, "userList", "user").Where(user => IsOf(user, ue))
                .Select(user => (JsonElement?)user).FirstOrDefault();
            steps.Take("find the UE", found is not null,
                new($"用户列表中没有刚有业务的终端 {ue}", $"the users lack {ue}, which has just had traffic"));
            if (found is { } user && ServiceDocuments.Text(user, "zoneId") is { } its)
                steps.Take("its zone", known.Contains(its),
                    new("终端所在区域不在区域列表中", "the UE's zone is not among the zones"));
        }

        private async Task<JsonDocument?> GetAsync(string operation, string path, CancellationToken cancellation)
        {
            ApiAnswer answer = await access.CallAsync(new(HttpMethod.Get, access.Below(path)), cancellation);
            IReadOnlyList<ConformanceFinding> findings = _check.Answer(operation, answer);
            if (findings.Count == 0)
                steps.Take(operation, answer.IsSuccess, new(
                    $"{operation} 未成功（{answer.Summary.Zh}）",
                    $"{operation} does not succeed ({answer.Summary.En})"), answer);
            foreach (ConformanceFinding finding in findings) steps.Fail(operation, finding.Text, answer);
            return answer.IsSuccess ? answer.Json() : null;
        }

        private static JsonElement.ArrayEnumerator Items(JsonDocument? json, string outer, string inner) =>
            json?.RootElement is { ValueKind: JsonValueKind.Object } root
            && root.TryGetProperty(outer, out JsonElement list) && list.ValueKind is JsonValueKind.Object
            && list.TryGetProperty(inner, out JsonElement items) && items.ValueKind is JsonValueKind.Array
                ? items.EnumerateArray() : default;

        /// <summary>Written as it is or behind a scheme, e.g. <c>acr:10.0.0.1</c> (ETSI GS MEC 013 §6.2.2).</summary>
        private static bool IsOf(JsonElement user, IPAddress ue) =>
            ServiceDocuments.Text(user, "address") is { } address
            && (address == ue.ToString() || address.EndsWith(":" + ue, StringComparison.Ordinal));
    }
}
