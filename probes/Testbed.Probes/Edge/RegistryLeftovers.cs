using System.Text.Json;
using Testbed.Probes.Http;

namespace Testbed.Probes.Edge;

/// <summary>
/// Services that a run which was killed left in the registry: their names are this product's. Subscriptions of such a
/// run cannot be told from others by the list that MEC 011 gives; they were made last and removed first.
/// </summary>
internal static class RegistryLeftovers
{
    private const int RemovedMax = 100;

    /// <summary>How many were removed.</summary>
    public static async Task<int> RemoveAsync(MecAccess access, CancellationToken cancellation)
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
}
