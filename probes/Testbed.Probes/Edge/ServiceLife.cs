using System.Text.Json;
using Testbed.Conformance;
using Testbed.Probes.Conformance;
using Testbed.Probes.Exposure;
using Testbed.Probes.Http;
using Testbed.Probes.Notifications;

namespace Testbed.Probes.Edge;

/// <summary>The life of one service: subscribe, register, be told, find, deregister, be told, find gone.</summary>
internal sealed class ServiceLife(
    MecAccess access, StepList steps, NotificationListener listener, string name, TimeProvider time)
{
    private static readonly TimeSpan NotifyWithin = TimeSpan.FromSeconds(5);

    private readonly ConformanceCheck _check = new(ApiDescription.Load("mec-service-management"));
    private readonly NotificationBox _box = listener.Open();
    private readonly List<Uri> _made = [];

    /// <summary>Leaves nothing behind, also when cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await DoAsync("list", new(HttpMethod.Get, access.Below("services")), cancellation);
            await DoAsync("transports", new(HttpMethod.Get, access.Below("transports")), cancellation);
            Uri? subscription = await MakeAsync(
                "subscribe", "subscriptions", ServiceDocuments.Subscription(name, _box.Address));
            (Uri? service, string? instance) = await RegisterAsync();
            await ToldAsync(ServiceDocuments.Added, instance, cancellation);
            await FoundAsync(instance, isThere: true, cancellation);
            if (service is not null)
            {
                await DropAsync("deregister", service, cancellation);
                await ToldAsync(ServiceDocuments.Removed, instance, cancellation);
                await FoundAsync(instance, isThere: false, cancellation);
                await GoneAsync(service, cancellation);
            }
            await DoAsync("subscriptions", new(HttpMethod.Get, access.OfApp("subscriptions")), cancellation);
            if (subscription is not null) await DropAsync("unsubscribe", subscription, cancellation);
        }
        finally
        {
            foreach (Uri resource in _made.ToArray()) await access.CleanUpAsync(resource);
        }
    }

    /// <remarks>
    /// What creates something goes to its end, also when stopped: nobody would know the address of what an abandoned
    /// call creates.
    /// </remarks>
    private async Task<(Uri? Service, string? Instance)> RegisterAsync()
    {
        ApiAnswer answer = await DoAsync("register", new ApiRequest(HttpMethod.Post, access.OfApp("services"))
            .With(ServiceDocuments.Service(name, listener.Root)), CancellationToken.None);
        using JsonDocument? json = answer.IsSuccess ? answer.Json() : null;
        string? instance = json is null ? null : ServiceDocuments.Text(json.RootElement, "serInstanceId");
        // Without a Location the resource is where the specification puts it; the missing header is a finding already.
        Uri? service = answer.Location
            ?? (instance is null ? null : access.OfApp("services/" + Uri.EscapeDataString(instance)));
        return (Keep(answer.IsSuccess ? service : null), instance);
    }

    private async Task<Uri?> MakeAsync(string operation, string path, string body)
    {
        ApiAnswer answer = await DoAsync(
            operation, new ApiRequest(HttpMethod.Post, access.OfApp(path)).With(body), CancellationToken.None);
        return Keep(answer.IsSuccess ? answer.Location : null);
    }

    /// <summary>A resource elsewhere than at this platform is nothing that we made, whatever the answer says.</summary>
    private Uri? Keep(Uri? resource)
    {
        if (resource is null || !access.IsOwn(resource)) return null;
        _made.Add(resource);
        return resource;
    }

    private async Task DropAsync(string operation, Uri resource, CancellationToken cancellation)
    {
        ApiAnswer answer = await DoAsync(operation, new(HttpMethod.Delete, resource), cancellation);
        if (answer.IsSuccess) _made.Remove(resource);
    }

    private async Task<ApiAnswer> DoAsync(string operation, ApiRequest request, CancellationToken cancellation)
    {
        ApiAnswer answer = await access.CallAsync(request, cancellation);
        IReadOnlyList<ConformanceFinding> findings = _check.Answer(operation, answer);
        // A refusal in the form that the specification gives it is still no success.
        if (findings.Count == 0 && !answer.IsSuccess)
            steps.Fail(operation, new(
                $"{operation} 未成功（{answer.Summary.Zh}）",
                $"{operation} does not succeed ({answer.Summary.En})"), answer);
        else Take(operation, findings, answer);
        return answer;
    }

    /// <summary>Notifications of other changes may come in between; their form counts as well.</summary>
    private async Task ToldAsync(string changeType, string? instance, CancellationToken cancellation)
    {
        if (instance is null) return;
        long startedAt = time.GetTimestamp();
        while (NotifyWithin - time.GetElapsedTime(startedAt) is { Ticks: > 0 } left
            && await _box.NextAsync(left, time, cancellation) is { } notification)
        {
            Take("notify", _check.Message("notify", notification), null);
            using JsonDocument? json = notification.Json();
            if (ServiceDocuments.Tells(json, name, instance, changeType)) return;
        }
        steps.Fail("notify " + changeType, new(
            $"{NotifyWithin.TotalSeconds:0} s 内未收到服务 {name} 的 {changeType} 通知",
            $"no notification {changeType} of service {name} within {NotifyWithin.TotalSeconds:0} s"));
    }

    private async Task FoundAsync(string? instance, bool isThere, CancellationToken cancellation)
    {
        if (instance is null) return;
        ApiAnswer answer = await access.CallAsync(new(HttpMethod.Get, access.Below("services")), cancellation);
        using JsonDocument? json = answer.IsSuccess ? answer.Json() : null;
        bool isFound = ServiceDocuments.Services(json).Contains((name, instance));
        LocalText otherwise = isThere
            ? new("已注册的服务不在服务列表中", "the list of services lacks the one that was registered")
            : new("已注销的服务仍在服务列表中", "the list of services still holds the one that was deregistered");
        steps.Take(isThere ? "find" : "find no more", json is not null && isFound == isThere, otherwise, answer);
    }

    private async Task GoneAsync(Uri service, CancellationToken cancellation)
    {
        ApiAnswer answer = await access.CallAsync(new(HttpMethod.Get, service), cancellation);
        Take("read after deregister", _check.Refusal("read", answer, 404), answer);
    }

    private void Take(string step, IReadOnlyList<ConformanceFinding> findings, ApiAnswer? answer)
    {
        if (findings.Count == 0) steps.Pass(step, answer);
        foreach (ConformanceFinding finding in findings) steps.Fail(step, finding.Text, answer);
    }
}
