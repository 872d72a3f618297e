using System.Globalization;
using System.Text.Json;
using Testbed.Conformance;
using Testbed.Probes.Http;
using Testbed.Probes.Notifications;

namespace Testbed.Probes.Exposure.Access;

/// <summary>
/// What a run that was killed left behind: subscriptions whose notifications go to an address that only this product
/// makes up. Every test of the next run that makes some of its own removes them first, and it is said.
/// </summary>
internal static class Leftovers
{
    private const int RemovedMax = 1_000;

    /// <summary>Of the outcome: how many were removed.</summary>
    public const string FactName = "leftovers-removed";

    /// <summary>How many were removed. What the run of this nonce made stays: its tests work side by side.</summary>
    public static async Task<int> RemoveAsync(
        ExposureAccess access, IReadOnlyList<string> apis, ReadOnlyMemory<byte> runNonce,
        CancellationToken cancellation)
    {
        string own = NotificationListener.MarkOf(runNonce);
        int removed = 0;
        foreach (string api in apis)
        {
            ApiAnswer answer = await access.CallAsync(new(HttpMethod.Get, access.Subscriptions(api)), cancellation);
            foreach (Uri left in Find(answer, access, own).Take(RemovedMax))
                if (await access.CleanUpAsync(left) is { IsSuccess: true }) removed++;
        }
        return removed;
    }

    private static List<Uri> Find(ApiAnswer answer, ExposureAccess access, string own)
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
                && !destination.GetString()!.Contains(own, StringComparison.Ordinal)
                && each.TryGetProperty("self", out JsonElement self) && self.ValueKind is JsonValueKind.String
                && Uri.TryCreate(access.Root, self.GetString(), out Uri? resource)
                && resource.AbsoluteUri.StartsWith(access.Root.AbsoluteUri, StringComparison.Ordinal))
                found.Add(resource);
        }
        return found;
    }

    public static IReadOnlyDictionary<string, string> Facts(int removed) => removed == 0
        ? new Dictionary<string, string>()
        : new Dictionary<string, string> { [FactName] = removed.ToString(CultureInfo.InvariantCulture) };

    public static IEnumerable<LocalText> Say(int removed)
    {
        if (removed > 0)
            yield return new(
                $"已删除此前中断的运行遗留的 {removed} 个订阅",
                $"removed {removed} subscriptions that an earlier, interrupted run had left");
    }
}
