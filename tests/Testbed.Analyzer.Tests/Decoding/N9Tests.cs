using Testbed.Analyzer.Tests.Support;

namespace Testbed.Analyzer.Tests.Decoding;

public sealed class N9Tests
{
    private const string Relay = Packets.Upf, Anchor = "10.100.9.1";

    [Test]
    public void Copies_between_two_UPFs_are_told_apart_and_not_called_lost()
    {
        using CrossingRun run = new();
        run.AddMargins();
        for (int i = 0; i < 50; i++)
        {
            byte[] up = Packets.Udp(Packets.Ue, Packets.Server, i, (ushort)i);
            byte[] down = Packets.Udp(Packets.Server, Packets.Ue, i, (ushort)i, 5000, 4000);
            run.OnN3(i * 1000, Packets.Up(up));
            run.OnN3(i * 1000 + 50, Packets.Up(up, teid: 501, gnb: Relay, upf: Anchor));
            run.OnN6(i * 1000 + 100, up);
            run.OnN6(i * 1000 + 200, down);
            run.OnN3(i * 1000 + 250, Packets.Down(down, teid: 601, gnb: Relay, upf: Anchor));
            run.OnN3(i * 1000 + 300, Packets.Down(down));
        }
        AnalysisResult result = run.Analyze();
        Assert.That(result.N3.Noticed["n9"], Is.EqualTo(100));
        Assert.That((result.Match.Matched, result.Match.OnlyN3, result.Match.OnlyN6), Is.EqualTo((104L, 0L, 0L)));
        Assert.That(result.GtpU.Gpdu, Is.EqualTo(204), "N9 is GTP-U as well.");
        Assert.That(result.Match.Uplink.DelayNs!.P50, Is.EqualTo(100_000).Within(100));
    }

    [Test]
    public void A_host_that_is_UPF_here_and_gNB_there_makes_no_N9()
    {
        using CrossingRun run = new();
        run.AddMargins();
        for (int i = 0; i < 20; i++)
        {
            byte[] here = Packets.Udp(Packets.Ue, Packets.Server, i, (ushort)i);
            byte[] there = Packets.Udp(Packets.OtherUe, Packets.Server, 1000 + i, (ushort)(1000 + i));
            run.OnN3(i * 1000, Packets.Up(here));
            run.OnN6(i * 1000 + 100, here);
            run.OnN3(i * 1000 + 200, Packets.Up(there, teid: 501, gnb: Relay, upf: Anchor));
            run.OnN6(i * 1000 + 300, there);
        }
        AnalysisResult result = run.Analyze();
        Assert.That(result.N3.Noticed, Is.Empty);
        Assert.That(result.Match.Matched, Is.EqualTo(44));
    }
}
