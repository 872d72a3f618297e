using Testbed.Lab.Control;
using Testbed.Wire;
using Testbed.Wire.Pfcp;

namespace Testbed.Lab.Tests.Control;

public sealed class PfcpTransactionsTests
{
    private readonly List<byte[]> _sent = [];
    private readonly List<PfcpMessage?> _completed = [];
    private PfcpTransactions _transactions = null!;

    [SetUp]
    public void Start()
    {
        _sent.Clear();
        _completed.Clear();
        _transactions = new(_sent.Add, firstSequence: 0xFF_FFFF);
        _transactions.Start(sequence => PfcpRequests.Heartbeat(sequence, 1), nowNs: 0, _completed.Add);
    }

    private static PfcpMessage Response(uint sequence) => new(PfcpMessageType.HeartbeatResponse, sequence);

    [Test]
    public void A_response_completes_its_request_once()
    {
        Assert.Multiple(() =>
        {
            Assert.That(_transactions.TryComplete(Response(0xFF_FFFF)), Is.True);
            Assert.That(_transactions.TryComplete(Response(0xFF_FFFF)), Is.False);
        });
        Assert.That(_completed, Has.Count.EqualTo(1));
        Assert.That(_transactions.NextDueNs, Is.EqualTo(long.MaxValue));
    }

    [Test]
    public void A_response_that_nobody_asked_for_completes_nothing()
    {
        Assert.That(_transactions.TryComplete(Response(5)), Is.False);
        Assert.That(_completed, Is.Empty);
    }

    [Test]
    public void An_unanswered_request_is_sent_four_times_unchanged_and_then_given_up()
    {
        for (int second = 1; second <= 10; second++) _transactions.RetryDue(second * PfcpTransactions.RetryNs);
        Assert.That(_sent, Has.Count.EqualTo(1 + PfcpTransactions.RetriesMax));
        Assert.That(_sent, Is.All.EqualTo(_sent[0]));
        Assert.That(_completed, Is.EqualTo(new PfcpMessage?[] { null }));
    }

    [Test]
    public void Nothing_is_sent_again_before_its_time()
    {
        _transactions.RetryDue(PfcpTransactions.RetryNs - 1);
        Assert.That(_sent, Has.Count.EqualTo(1));
    }

    [Test]
    public void Sequence_numbers_wrap_at_24_bits()
    {
        _transactions.Start(sequence => PfcpRequests.Heartbeat(sequence, 1), nowNs: 0, _completed.Add);
        Assert.That(PfcpHeader.Read(_sent[1], out PfcpHeader header), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(header.SequenceNumber, Is.Zero);
    }
}
