using System.Text.Json.Nodes;

namespace Testbed.Lab.Edge;

/// <summary>One service that an application offers on the platform (ServiceInfo, ETSI GS MEC 011 §8.1.2.2).</summary>
internal sealed record MecService(string Id, string App, JsonObject Info);

/// <summary>A wish to be told of services (SerAvailabilityNotificationSubscription, §8.1.3.2).</summary>
/// <param name="SerNames">Names that it is about; empty for all.</param>
internal sealed record MecSubscription(
    string Id, string App, Uri Callback, IReadOnlyList<string> SerNames, JsonObject Body);

/// <summary>What happened to a service, for those who asked to be told (changeType of §8.1.4.2).</summary>
internal sealed record MecChange(MecSubscription Subscription, MecService Service, string ChangeType);

/// <summary>What the MEC platform knows. Thread-safe; bounded, as every registry that others write to.</summary>
internal sealed class MecRegistry(int seed)
{
    private const int ServicesMax = 200;
    private const int SubscriptionsMax = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, MecService> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MecSubscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly Random _random = new(seed);

    /// <summary>Services and subscriptions that applications left behind: 0 after a probe that cleans up.</summary>
    public int LeftCount => ServiceCount + SubscriptionCount;

    public int ServiceCount
    {
        get { lock (_gate) return _services.Count; }
    }

    public int SubscriptionCount
    {
        get { lock (_gate) return _subscriptions.Count; }
    }

    /// <param name="app">Only those of this application; null for all.</param>
    public IReadOnlyList<MecService> Services(string? app, IReadOnlyList<string> names)
    {
        lock (_gate)
            return [.. _services.Values.Where(service => (app is null || service.App == app)
                && (names.Count == 0 || names.Contains(Name(service))))];
    }

    public MecService? Service(string id, string? app)
    {
        lock (_gate)
            return _services.TryGetValue(id, out MecService? service) && (app is null || service.App == app)
                ? service : null;
    }

    /// <summary>Null when there is no room for another one.</summary>
    public (MecService Service, IReadOnlyList<MecChange> Changes)? Register(string app, Func<string, JsonObject> build)
    {
        lock (_gate)
        {
            if (_services.Count == ServicesMax) return null;
            string id = FreshId();
            MecService service = new(id, app, build(id));
            _services[id] = service;
            return (service, Tell(service, "ADDED"));
        }
    }

    public (MecService Service, IReadOnlyList<MecChange> Changes)? Update(string id, string app, JsonObject info)
    {
        lock (_gate)
        {
            if (!_services.TryGetValue(id, out MecService? before) || before.App != app) return null;
            MecService service = new(id, app, info);
            _services[id] = service;
            bool isOtherState = before.Info["state"]?.GetValue<string>() != info["state"]?.GetValue<string>();
            return (service, Tell(service, isOtherState ? "STATE_CHANGED" : "ATTRIBUTES_CHANGED"));
        }
    }

    /// <summary>Null when the application has no such service.</summary>
    public IReadOnlyList<MecChange>? Deregister(string id, string app)
    {
        lock (_gate)
        {
            if (!_services.TryGetValue(id, out MecService? service) || service.App != app) return null;
            _services.Remove(id);
            return Tell(service, "REMOVED");
        }
    }

    public IReadOnlyList<MecSubscription> Subscriptions(string app)
    {
        lock (_gate) return [.. _subscriptions.Values.Where(subscription => subscription.App == app)];
    }

    /// <summary>Null when there is no room for another one.</summary>
    public MecSubscription? Subscribe(
        string app, Uri callback, IReadOnlyList<string> serNames, Func<string, JsonObject> build)
    {
        lock (_gate)
        {
            if (_subscriptions.Count == SubscriptionsMax) return null;
            string id = FreshId();
            return _subscriptions[id] = new(id, app, callback, serNames, build(id));
        }
    }

    public bool Unsubscribe(string id, string app)
    {
        lock (_gate)
            return _subscriptions.TryGetValue(id, out MecSubscription? subscription) && subscription.App == app
                && _subscriptions.Remove(id);
    }

    public static string Name(MecService service) => service.Info["serName"]?.GetValue<string>() ?? "";

    private List<MecChange> Tell(MecService service, string changeType) =>
        [.. _subscriptions.Values
            .Where(each => each.SerNames.Count == 0 || each.SerNames.Contains(Name(service)))
            .Select(each => new MecChange(each, service, changeType))];

    private string FreshId()
    {
        byte[] id = new byte[8];
        _random.NextBytes(id);
        return Convert.ToHexStringLower(id);
    }
}
