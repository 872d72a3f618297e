using System.Text.Json;
using Testbed.Conformance;
using Testbed.Probes.Http;
using Testbed.Probes.Notifications;

namespace Testbed.Probes.Exposure.Access;

/// <summary>
/// What a run that was killed left behind: subscriptions whose notifications go to an address that only this product
/// makes up. The first test of the next run removes them and says so.
/// </summary>
internal static class Leftovers
{
    private const int RemovedMax = 1_000;

    /// <summary>How many were removed.</summary>
    public static async Task<int> RemoveAsync(
        ExposureAccess access, IReadOnlyList<string> apis, CancellationToken cancellation)
    {
        int removed = 0;
        foreach (string api in apis)
        {
            ApiAnswer answer = await access.CallAsync(new(HttpMethod.Get, access.Subscriptions(api)), cancellation);
            foreach (Uri left in Find(answer, access).Take(RemovedMax))
                if (await access.CleanUpAsync(left) is { IsSuccess: true }) removed++;
        }
        return removed;
    }

    private static List<Uri> Find(ApiAnswer answer, ExposureAccess access)
    {
        List<Uri> found = [];
        using JsonDocument? json = answer.IsSuccess ? answer.Json() : null;
        if (json?.RootElement is not { ValueKind: JsonValueKind.Array } list) return found;
        foreach (JsonElement each in list.EnumerateArray())
        {
            // A resource elsewhere than at this API is not ours to delete, whatever the answer says.
            if (each.ValueKind is JsonValueKind.Object
                && each.TryGetProperty("notificationDestination", out JsonElement destination)
                && destination.ValueKind is JsonValueKind.String
                && destination.GetString()!.Contains(NotificationListener.PathMark, StringComparison.Ordinal)
                && each.TryGetProperty("self", out JsonElement self) && self.ValueKind is JsonValueKind.String
                && Uri.TryCreate(access.Root, self.GetString(), out Uri? resource)
                && resource.AbsoluteUri.StartsWith(access.Root.AbsoluteUri, StringComparison.Ordinal))
                found.Add(resource);
        }
        return found;
    }

    public static IEnumerable<LocalText> Say(int removed)
    {
        if (removed > 0)
            yield return new(
                $"已删除此前中断的运行遗留的 {removed} 个订阅",
                $"removed {removed} subscriptions that an earlier, interrupted run had left");
    }
}
