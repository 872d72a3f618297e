using System.Text;
using Testbed.Analyzer.Tests.Support;
using Testbed.Conformance.Claims;
using Testbed.Conformance.Results;
using Testbed.Wire.GtpU;
using Testbed.Wire.Trials;

namespace Testbed.Analyzer.Tests.Meters.Security;

/// <summary>One security trial with its control, as the taps and both ends would show it.</summary>
internal sealed class TrialBench : IDisposable
{
    public const int ControlTrial = 1, Trial = 2, Port = 31_000, ControlPort = 31_001, LocalPort = 31_002;
    public const int Controls = 40, Attempts = 120;
    private const int ListenerPort = 31_003;
    public static readonly byte[] Nonce = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 3))];
    private static readonly byte[] Key = TrialMessage.DeriveKey(Nonce);

    private readonly StringBuilder _heard = new("trial,class,seq,timeNs\n");
    private long _us = 1_000;
    private ushort _id;

    public CrossingRun Run { get; } = new();
    public int ControlsAnswered { get; set; } = Controls;
    /// <summary>The far end kept a record.</summary>
    public bool HasListener { get; set; } = true;
    public Claim Claim { get; set; } = TestClaims.TwoSlices;

    /// <summary>A control packet on its way up, through N3 and N6.</summary>
    public void Control(int sequence, bool onN3 = true, bool onN6 = true)
    {
        byte[] packet = Packets.Udp(
            Packets.Ue, Packets.Server, Message(ControlTrial, TrialClass.Control, sequence), ++_id, ControlPort, Port);
        _us += 100;
        if (onN3) Run.OnN3(_us, Packets.Up(packet));
        if (onN6) Run.OnN6(_us + 20, packet);
    }

    /// <summary>A frame of N3 inside IPsec.</summary>
    public void Encrypted(int sequence)
    {
        byte[] esp = new byte[200];
        new Random(sequence + 1).NextBytes(esp);
        Run.OnN3(_us += 100, Carriers.Ipv4(Wire.Ip.IpProtocol.Esp, esp, Packets.Gnb, Packets.Upf));
    }

    public void AllControls()
    {
        for (int i = 0; i < Controls; i++) Control(i);
    }

    /// <summary>A try from <paramref name="source"/> that N3 shows going up, and N6 where it passed.</summary>
    public void Attempt(int sequence, string source = "198.51.100.9", bool onN6 = false, byte[]? nonce = null)
    {
        byte[] packet = Packets.Udp(source, Packets.Server,
            Message(Trial, TrialClass.Attempt, sequence, nonce), ++_id, LocalPort, Port);
        _us += 100;
        Run.OnN3(_us, Packets.Up(packet));
        if (onN6) Run.OnN6(_us + 20, packet);
    }

    /// <summary>A G-PDU inside a UE's packet; where it was opened, N6 shows what was in it.</summary>
    public void Nested(int sequence, bool opened = false)
    {
        byte[] inner = Packets.Udp(
            Packets.Ue, Packets.Server, Message(Trial, TrialClass.Attempt, sequence), ++_id, LocalPort, Port);
        byte[] gpdu = new byte[inner.Length + 16];
        int header = GtpUHeader.WriteGPdu(gpdu, 1, PduSessionInformation.Uplink(9), inner.Length);
        inner.CopyTo(gpdu.AsSpan(header));
        _us += 100;
        Run.OnN3(_us, Packets.Up(Packets.Udp(Packets.Ue, Packets.Upf, gpdu, ++_id, LocalPort, GtpUHeader.Port)));
        if (opened) Run.OnN6(_us + 20, inner);
    }

    /// <summary>A packet from one UE to another, or from the data network to a UE.</summary>
    public void ToUe(int sequence, bool fromUe, bool delivered)
    {
        byte[] packet = Packets.Udp(fromUe ? Packets.Ue : Packets.Server, Packets.OtherUe,
            Message(Trial, TrialClass.Attempt, sequence), ++_id, LocalPort, ListenerPort);
        _us += 100;
        if (fromUe) Run.OnN3(_us, Packets.Up(packet));
        else Run.OnN6(_us, packet);
        if (delivered) Run.OnN3(_us + 20, Packets.Down(packet, 102));
    }

    public void Heard(int sequence) => _heard.Append($"{Trial},attempt,{sequence},1\n");

    public IReadOnlyList<KpiResult> Analyse(TrialKind kind)
    {
        string control = Write("trial-1.csv", Sent(Controls, ControlsAnswered));
        string attempt = Write("trial-2.csv", Sent(Attempts, 0));
        string heard = Write("trial-received-1.csv", _heard.ToString());
        Run.Claim = Claim;
        Run.Run = new()
        {
            Nonce = Nonce,
            Trials =
            [
                new(ControlTrial, TrialKind.Control, "A", 0, [ControlPort, Port], control, null),
                new(Trial, kind, "A", ControlTrial, [LocalPort, Port, ListenerPort], attempt,
                    HasListener ? heard : null),
            ],
        };
        return Run.Analyze().Kpis;
    }

    private static byte[] Message(int trial, TrialClass what, int sequence, byte[]? nonce = null)
    {
        byte[] message = new byte[TrialMessage.Length];
        new TrialMessage(trial, what, (uint)sequence, 5)
            .Write(nonce is null ? Key : TrialMessage.DeriveKey(nonce), message);
        return message;
    }

    private static string Sent(int count, int answered)
    {
        StringBuilder text = new("seq,sentNs,answeredNs\n");
        for (int i = 0; i < count; i++) text.Append($"{i},{i + 1},{(i < answered ? 1 : 0)}\n");
        return text.ToString();
    }

    private string Write(string name, string text)
    {
        string path = Run.Folder.Path(name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Run.Dispose();
}
