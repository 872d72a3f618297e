using Testbed.Lab.Access;
using Testbed.Lab.Records;
using Testbed.Wire;
using Testbed.Wire.Transport;

namespace Testbed.Lab.Tests.Access;

/// <summary>Two ends of an association with nothing between them but a queue of packets, which may lose some.</summary>
public sealed class SctpAssociationTests
{
    private readonly Queue<(bool ToServer, byte[] Packet)> _cable = [];
    private readonly List<SctpChunkType> _seen = [];
    private readonly List<byte[]> _atClient = [], _atServer = [];
    private SctpAssociation _client = null!, _server = null!;
    private Func<bool, bool> _loses = _ => false;
    private int _ups;

    [SetUp]
    public void Connect()
    {
        EventCounts events = new();
        _cable.Clear();
        _seen.Clear();
        _atClient.Clear();
        _atServer.Clear();
        _loses = _ => false;
        _ups = 0;
        _client = new(36_412, 38_412, new(1), bytes => _cable.Enqueue((true, bytes.ToArray())),
            bytes => _atClient.Add(bytes.ToArray()), events) { Up = () => _ups++ };
        _server = new(38_412, 36_412, new(2), bytes => _cable.Enqueue((false, bytes.ToArray())),
            bytes => _atServer.Add(bytes.ToArray()), events);
        _client.Connect(0);
        Carry(0);
    }

    /// <summary>Carries packets both ways until none is left.</summary>
    private void Carry(long nowNs)
    {
        _client.Flush(nowNs);
        _server.Flush(nowNs);
        while (_cable.TryDequeue(out (bool ToServer, byte[] Packet) next))
        {
            if (_loses(next.ToServer)) continue;
            Note(next.Packet);
            (next.ToServer ? _server : _client).Receive(next.Packet, nowNs);
            _client.Flush(nowNs);
            _server.Flush(nowNs);
        }
    }

    private void Note(byte[] packet)
    {
        byte[] checkedAgain = (byte[])packet.Clone();
        SctpHeader.WriteChecksum(checkedAgain);
        Assert.That(checkedAgain, Is.EqualTo(packet), "the checksum");
        Assert.That(SctpHeader.Read(packet, out SctpHeader header), Is.EqualTo(DecodeStatus.Ok));
        foreach (SctpChunk chunk in header.Chunks) _seen.Add(chunk.Type);
    }

    private static byte[] Message(int number) => [.. Enumerable.Repeat((byte)number, 3 + number)];

    [Test]
    public void It_takes_four_packets_to_stand() => Assert.Multiple(() =>
    {
        Assert.That(_seen, Is.EqualTo(new[]
        {
            SctpChunkType.Init, SctpChunkType.InitAck, SctpChunkType.CookieEcho, SctpChunkType.CookieAck,
        }));
        Assert.That(_client.IsEstablished && _server.IsEstablished);
        Assert.That(_ups, Is.EqualTo(1));
    });

    [Test]
    public void Messages_arrive_in_order_both_ways_and_are_acknowledged()
    {
        for (int i = 0; i < 1_000; i++) _client.Send(Message(i % 200));
        _server.Send(Message(7));
        Carry(0);
        Assert.Multiple(() =>
        {
            Assert.That(_atServer, Is.EqualTo(Enumerable.Range(0, 1_000).Select(i => Message(i % 200))));
            Assert.That(_atClient, Is.EqualTo(new[] { Message(7) }));
            Assert.That(_client.NextDueNs, Is.EqualTo(long.MaxValue), "nothing is under way");
            Assert.That(_seen, Does.Contain(SctpChunkType.Sack));
        });
    }

    [Test]
    public void What_is_lost_is_sent_again_and_arrives_once_and_in_order()
    {
        int packets = 0;
        _loses = toServer => toServer && ++packets % 3 == 0;
        for (int i = 0; i < 300; i++) _client.Send(Message(i % 200));
        Carry(0);
        for (int round = 1; round <= 60 && _client.NextDueNs != long.MaxValue; round++)
        {
            _client.RetryDue(round * SctpAssociation.RetryNs);
            Carry(round * SctpAssociation.RetryNs);
        }
        Assert.That(_atServer, Is.EqualTo(Enumerable.Range(0, 300).Select(i => Message(i % 200))));
    }

    [Test]
    public void A_connection_that_begins_anew_aborts_the_old_one_and_stands_again()
    {
        _seen.Clear();
        _client.Connect(0);
        Carry(0);
        _client.Send(Message(1));
        Carry(0);
        Assert.Multiple(() =>
        {
            Assert.That(_seen[0], Is.EqualTo(SctpChunkType.Abort));
            Assert.That(_ups, Is.EqualTo(2));
            Assert.That(_atServer, Is.EqualTo(new[] { Message(1) }));
        });
    }

    [Test]
    public void A_lost_handshake_begins_again_by_itself()
    {
        _loses = _ => true;
        _client.Connect(0);
        Carry(0);
        _loses = _ => false;
        Assert.That(_client.IsEstablished, Is.False);
        _client.RetryDue(SctpAssociation.RetryNs);
        Carry(SctpAssociation.RetryNs);
        Assert.That(_client.IsEstablished);
    }

    [Test]
    public void Packets_of_another_association_are_not_taken()
    {
        byte[] packet = new byte[64];
        int length = SctpHeader.Write(packet, 36_412, 38_412, 1);
        length += SctpChunk.WriteData(packet.AsSpan(length), 1, 0, 0, SctpChunk.NgapPayloadProtocol, Message(1));
        _server.Receive(packet.AsSpan(0, length), 0);
        Assert.That(_atServer, Is.Empty);
    }
}
