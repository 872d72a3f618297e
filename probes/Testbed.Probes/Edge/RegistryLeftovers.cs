using System.Text.Json;
using Testbed.Probes.Http;
using Testbed.Probes.Notifications;

namespace Testbed.Probes.Edge;

/// <summary>
/// What a run that was killed left in the registry: services with this product's names, and subscriptions whose
/// notifications go to an address that only this product makes up.
/// </summary>
internal static class RegistryLeftovers
{
    private const int RemovedMax = 100;

    /// <summary>How many were removed. Subscriptions of the run of this nonce stay.</summary>
    public static async Task<int> RemoveAsync(
        MecAccess access, ReadOnlyMemory<byte> runNonce, CancellationToken cancellation) =>
        await RemoveServicesAsync(access, cancellation)
        + await RemoveSubscriptionsAsync(access, NotificationListener.MarkOf(runNonce), cancellation);

    /// <summary>How many were removed.</summary>
    public static async Task<int> RemoveServicesAsync(MecAccess access, CancellationToken cancellation)
    {
        ApiAnswer answer = await access.CallAsync(new(HttpMethod.Get, access.OfApp("services")), cancellation);
        using JsonDocument? json = answer.IsSuccess ? answer.Json() : null;
        int removed = 0;
        foreach ((string name, string instance) in ServiceDocuments.Services(json).Take(RemovedMax))
        {
            if (name.StartsWith(ServiceDocuments.NameMark, StringComparison.Ordinal)
                && await access.CleanUpAsync(access.OfApp("services/" + Uri.EscapeDataString(instance)))) removed++;
        }
        return removed;
    }

    // The list names addresses only (ETSI GS MEC 011 §8.1.3.4); whose they are stands in each subscription.
    private static async Task<int> RemoveSubscriptionsAsync(
        MecAccess access, string own, CancellationToken cancellation)
    {
        ApiAnswer list = await access.CallAsync(new(HttpMethod.Get, access.OfApp("subscriptions")), cancellation);
        using JsonDocument? json = list.IsSuccess ? list.Json() : null;
        int removed = 0;
        foreach (string address in ServiceDocuments.Subscriptions(json).Take(RemovedMax))
        {
            if (!Uri.TryCreate(list.Request.Address, address, out Uri? resource) || !access.IsOwn(resource)) continue;
            ApiAnswer answer = await access.CallAsync(new(HttpMethod.Get, resource), cancellation);
            using JsonDocument? subscription = answer.IsSuccess ? answer.Json() : null;
            if (subscription is not null
                && ServiceDocuments.Text(subscription.RootElement, "callbackReference") is { } callback
                && callback.Contains(NotificationListener.PathMark, StringComparison.Ordinal)
                && !callback.Contains(own, StringComparison.Ordinal)
                && await access.CleanUpAsync(resource)) removed++;
        }
        return removed;
    }
}
