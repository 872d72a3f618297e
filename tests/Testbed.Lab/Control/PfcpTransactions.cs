using Testbed.Wire.Pfcp;

namespace Testbed.Lab.Control;

/// <summary>
/// Requests on their way: numbers them, sends them again when no response comes, gives up in the end
/// (TS 29.244 §6.4). Time is an argument. Not thread-safe.
/// </summary>
/// <param name="send">Puts a message on the wire.</param>
internal sealed class PfcpTransactions(Action<byte[]> send, uint firstSequence = 1)
{
    /// <summary>T1: how long to wait before a request is sent again, ns.</summary>
    public const long RetryNs = 1_000_000_000;
    /// <summary>N1: how often it is sent again.</summary>
    public const int RetriesMax = 3;
    private const uint SequenceMask = 0xFF_FFFF;

    private readonly Dictionary<uint, Pending> _pending = [];
    private readonly byte[] _buffer = new byte[PfcpRequests.MessageBytesMax];
    private uint _nextSequence = firstSequence & SequenceMask;

    private sealed record Pending(byte[] Bytes, Action<PfcpMessage?> Completed)
    {
        public long DueNs { get; set; }
        public int Retries { get; set; }
    }

    public int Count => _pending.Count;

    /// <summary>
    /// When <see cref="RetryDue"/> has something to do; <see cref="long.MaxValue"/> when nothing waits.
    /// </summary>
    public long NextDueNs => _pending.Count == 0 ? long.MaxValue : _pending.Values.Min(pending => pending.DueNs);

    /// <param name="build">Makes the request with the sequence number that it is given.</param>
    /// <param name="completed">Called once: with the response, or with null when none came.</param>
    public void Start(Func<uint, PfcpMessage> build, long nowNs, Action<PfcpMessage?> completed)
    {
        uint sequence = _nextSequence;
        _nextSequence = (_nextSequence + 1) & SequenceMask;
        byte[] bytes = _buffer[..build(sequence).Write(_buffer)];
        _pending[sequence] = new(bytes, completed) { DueNs = nowNs + RetryNs };
        send(bytes);
    }

    /// <summary>Hands a response to whoever waits for it; false when nobody does.</summary>
    public bool TryComplete(PfcpMessage response)
    {
        if (!_pending.Remove(response.SequenceNumber, out Pending? pending)) return false;
        pending.Completed(response);
        return true;
    }

    /// <summary>Sends again what is due, and gives up what was sent often enough.</summary>
    public void RetryDue(long nowNs)
    {
        foreach ((uint sequence, Pending pending) in _pending.Where(entry => entry.Value.DueNs <= nowNs).ToArray())
        {
            if (pending.Retries++ < RetriesMax)
            {
                pending.DueNs = nowNs + RetryNs;
                send(pending.Bytes);
                continue;
            }
            _pending.Remove(sequence);
            pending.Completed(null);
        }
    }
}
