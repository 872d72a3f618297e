using System.Text;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Results;

namespace Testbed.Analyzer.Tests.Meters.Exposure;

/// <summary>What was told of sessions against what N4 showed.</summary>
public sealed class SessionEventMeterTests
{
    private const int Ues = 12;
    private readonly StringBuilder _record = new();
    private CrossingRun _run = null!;
    private Action<N4>? _more;
    private bool _hasIpv6;

    [SetUp]
    public void Open()
    {
        (_more, _hasIpv6) = (null, false);
        _run = new();
        _run.AddMargins();
        _record.Clear().Append("receivedNs,status,address,eventNs\n");
        Told(0, "subscribed", "");
    }

    [TearDown]
    public void Close() => _run.Dispose();

    [Test]
    public void Events_that_were_all_told_once_are_no_error()
    {
        for (int i = 0; i < Ues; i++) Told(At(i) + 5_000, "created", Ue(i));
        Assert.That((Result().Value, Result().Samples), Is.EqualTo((0m, (long)Ues)));
    }

    [Test]
    public void An_event_that_was_not_told_is_missing()
    {
        for (int i = 0; i < Ues - 1; i++) Told(At(i) + 5_000, "created", Ue(i));
        Assert.That(Result().Value, Is.EqualTo(1));
        Assert.That(Result().Findings[0].En, Does.Contain("1 events on N4 were not told"));
    }

    [TestCase("created", "10.45.99.99")]
    [TestCase("released", "10.45.0.10")]
    [TestCase("created", "10.45.0.10")]
    public void What_did_not_happen_or_is_told_twice_is_false(string status, string ue)
    {
        for (int i = 0; i < Ues; i++) Told(At(i) + 5_000, "created", Ue(i));
        Told(At(5), status, ue);
        Assert.That(Result().Value, Is.EqualTo(1));
        Assert.That(Result().Findings[0].En, Does.Contain("1 notifications tell of what N4 did not show"));
    }

    [Test]
    public void A_notification_long_before_its_event_is_not_of_it()
    {
        for (int i = 0; i < Ues; i++) Told(At(i) - 3_000_000, "created", Ue(i));
        Assert.That(Result().Value, Is.GreaterThan(Ues));
    }

    [Test]
    public void Notifications_of_an_unknown_subscription_are_counted()
    {
        for (int i = 0; i < Ues; i++) Told(At(i) + 5_000, "created", Ue(i));
        Told(At(1), "stray", "");
        Assert.That(Result().Value, Is.EqualTo(1));
    }

    [TestCase("10.45.0.10")]
    [TestCase("10.45.0.10 2001:db8:0:a::7")]
    [TestCase("2001:db8:0:a::7")]
    public void A_dual_stack_session_is_one_event_by_whichever_address_it_is_told(string told)
    {
        _hasIpv6 = true;
        Told(At(0) + 5_000, "created", told);
        for (int i = 1; i < Ues; i++) Told(At(i) + 5_000, "created", Ue(i));
        Assert.That((Result().Value, Result().Samples), Is.EqualTo((0m, (long)Ues)));
    }

    [Test]
    public void PFCP_sessions_at_a_second_UPF_are_parts_of_the_PDU_session()
    {
        for (int i = 0; i < Ues; i++) Told(At(i) + 5_000, "created", Ue(i));
        Told(At(100), "released", Ue(0));
        // The UPF of the edge comes, goes and comes again, and the last of the session is its part there.
        _more = n4 =>
        {
            n4.Session(At(20), Ue(0), 500, 600, node: N4.OtherUpf);
            n4.Session(At(40), Ue(0), 501, 601, node: N4.OtherUpf);
            n4.Release(At(30), Ues + 1, N4.OtherUpf);
            n4.Release(At(50), 1);
            n4.Release(At(99), Ues + 2, N4.OtherUpf);
        };
        KpiResult result = Result();
        Assert.That((result.Value, result.Samples), Is.EqualTo((0m, Ues + 1L)), result.Findings[0].En);
    }

    [Test]
    public void A_PFCP_session_that_replaces_another_at_its_UPF_is_a_session_of_its_own()
    {
        for (int i = 0; i < Ues; i++) Told(At(i) + 5_000, "created", Ue(i));
        _more = n4 => n4.Session(At(20), Ue(0), 500, 600);
        Assert.That(Result().Value, Is.EqualTo(1));
        Told(At(20) + 5_000, "created", Ue(0));
        Assert.That(Result().Value, Is.Zero);
    }

    private static long At(int ue) => 5_000_000 + ue * 100_000;

    private static string Ue(int ue) => $"10.45.0.{ue + 10}";

    private void Told(long us, string status, string ue) =>
        _record.Append($"{CaptureFolder.StartNs + us * 1000},{status},{ue},\n");

    private KpiResult Result()
    {
        N4 n4 = new(_run.Folder);
        for (int i = 0; i < Ues; i++)
            n4.Session(At(i), Ue(i), (uint)(100 + i), (uint)(200 + i),
                ue6: _hasIpv6 ? $"2001:db8:0:{i + 10:x}::1" : null);
        _more?.Invoke(n4);
        string path = _run.Folder.Path("session-events.csv");
        File.WriteAllText(path, _record + $"{CaptureFolder.StartNs + 20_000_000_000},ended,,\n");
        _run.Run = new() { Nonce = new byte[32], SessionEvents = [new("embb", path)] };
        return TrafficAnalysis.Run(_run.Request() with { N4 = [n4.Write()] }).Kpis
            .Single(kpi => kpi.Id == "session-event-errors");
    }
}
