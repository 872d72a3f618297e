using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Testbed.Conformance;
using Testbed.Probes.Exposure.Access;
using Testbed.Probes.Http;
using Testbed.Probes.Notifications;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Exposure.Events;

/// <summary>
/// EXP-006: subscribes to the PDU sessions of a group of UEs and writes down every notification until it is stopped.
/// Whether they are true is for N4 to say. Parameters as in <see cref="ExposureAccess"/>; group, listenPort.
/// </summary>
internal sealed class SessionEventsProbe : IProbe
{
    public const string RecordName = "session-events.csv";
    /// <summary>status <c>subscribed</c> and <c>ended</c> bound the time in which events must be told.</summary>
    private const string RecordHeader = "receivedNs,status,address,eventNs";
    private const int ReportsMax = 100_000, AddressesMax = 8;
    private const long NsPerTick = 100;
    /// <summary>For what is under way when the watch ends: an interrupted run waits 3 s in all.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    public string Kind => "exposure-session-events";

    public Task<ProbeOutcome> RunAsync(ProbeTask task, IProbeHost host, CancellationToken cancellation)
    {
        ProbeParameters parameters = new(task);
        string group = parameters.Text("group", 200);
        int port = parameters.Port("listenPort");
        return ProbeThread.GuardAsync(async () =>
        {
            using ExposureAccess access = ExposureAccess.Open(parameters, host);
            await using NotificationListener listener = await NotificationListener.StartAsync(
                access.LocalAddress(), port, parameters.RunNonce, task.Id, CancellationToken.None);
            NotificationBox box = listener.Open();
            int left = await Leftovers.RemoveAsync(access, [NefApis.Monitoring], task.RunNonce, cancellation);
            // To its end, also when stopped: what an abandoned call creates, nobody knows the address of.
            ApiAnswer created = await access.CallAsync(new ApiRequest(
                HttpMethod.Post, access.Subscriptions(NefApis.Monitoring))
                .With(TestFlow.SessionEvents(group, box.Address, ReportsMax).ToJsonString()), CancellationToken.None);
            // Whoever waits for this task is not to wait for a NEF that does not answer.
            host.Ready();
            if (created is not { IsSuccess: true, Location: { } resource })
                return new([], [], new LocalText(
                    $"MonitoringEvent 订阅未成功（{created.Summary.Zh}）",
                    $"the MonitoringEvent subscription does not succeed ({created.Summary.En})"));
            using RecordWriter record = new(host.CreateRecord(RecordName), RecordHeader);
            record.Add(created.EndedNs).Add("subscribed"u8).AddNothing().AddNothing().EndRow();
            await WaitAsync(cancellation);
            long endedNs = Clocks.RealtimeNs();
            await Task.Delay(Patience, host.Time, CancellationToken.None);
            await access.CleanUpAsync(resource);
            foreach (Notification notification in box.TakeAll()) Write(notification, resource, record);
            for (int i = 0; i < box.Refused + listener.Unknown; i++)
                record.Add(endedNs).Add("stray"u8).AddNothing().AddNothing().EndRow();
            record.Add(endedNs).Add("ended"u8).AddNothing().AddNothing().EndRow();
            return new([], [RecordName]) { Facts = Leftovers.Facts(left) };
        });
    }

    private static async Task WaitAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        catch (OperationCanceledException)
        {
            // To be stopped is how the watch ends.
        }
    }

    private static void Write(Notification notification, Uri resource, RecordWriter record)
    {
        using JsonDocument? json = notification.Json();
        JsonElement[] sessions = [.. Sessions(json, resource)];
        if (sessions.Length == 0)
            record.Add(notification.ReceivedNs).Add("stray"u8).AddNothing().AddNothing().EndRow();
        foreach (JsonElement report in sessions)
            foreach (JsonElement session in Items(report, "pdnConnInfoList"))
            {
                record.Add(notification.ReceivedNs).Add(StatusOf(session));
                if (Addresses(session) is { Length: > 0 } ues) record.Add(Encoding.ASCII.GetBytes(ues));
                else record.AddNothing();
                if (Text(report, "eventTime") is { } time && DateTimeOffset.TryParse(
                    time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at))
                    record.Add((at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * NsPerTick);
                else record.AddNothing();
                record.EndRow();
            }
    }

    /// <summary>Reports of this subscription; a notification that names another one has none.</summary>
    private static IEnumerable<JsonElement> Sessions(JsonDocument? json, Uri resource) =>
        json?.RootElement is { ValueKind: JsonValueKind.Object } root
        && ExposureAccess.IsLinkTo(resource, Text(root, "subscription"))
            ? Items(root, "monitoringEventReports") : [];

    /// <summary>Of both families (PdnConnectionInformation, TS 29.122 §5.3.2.3.5), with blanks between.</summary>
    private static string Addresses(JsonElement session)
    {
        IEnumerable<string?> texts = session.TryGetProperty("ipv6Addrs", out JsonElement list)
            && list.ValueKind is JsonValueKind.Array
            ? list.EnumerateArray().Take(AddressesMax)
                .Select(each => each.ValueKind is JsonValueKind.String ? each.GetString() : null) : [];
        return string.Join(' ', texts.Prepend(Text(session, "ipv4Addr"))
            .Select(text => IPAddress.TryParse(text, out IPAddress? ue) ? ue : null).OfType<IPAddress>());
    }

    private static ReadOnlySpan<byte> StatusOf(JsonElement session) => Text(session, "status") switch
    {
        "CREATED" => "created"u8,
        "RELEASED" => "released"u8,
        _ => "stray"u8,
    };

    private static IEnumerable<JsonElement> Items(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement list) && list.ValueKind is JsonValueKind.Array
            ? list.EnumerateArray().Where(each => each.ValueKind is JsonValueKind.Object) : [];

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String
            ? value.GetString() : null;
}
