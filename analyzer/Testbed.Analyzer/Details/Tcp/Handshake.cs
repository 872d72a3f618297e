namespace Testbed.Analyzer.Details.Tcp;

/// <summary>The opening of a connection as a tap sees it (RFC 9293 §3.5).</summary>
internal sealed class Handshake
{
    private const int None = -1;
    private uint _clientSequence;
    private uint _serverSequence;
    private long _synNs;
    private long _synAckNs;
    private bool _hasSyn;
    private bool _hasSynAck;
    private bool _isDone;

    /// <summary>0 or 1: the direction in which the client sends; −1 before any SYN.</summary>
    public int Client { get; private set; } = None;
    public bool IsAmbiguous { get; private set; }
    /// <summary>0 where it cannot be told.</summary>
    public long ServerSideNs { get; private set; }
    public long ClientSideNs { get; private set; }
    public long RoundTripNs => ServerSideNs > 0 && ClientSideNs > 0 ? ServerSideNs + ClientSideNs : 0;

    public void Clear()
    {
        (Client, _hasSyn, _hasSynAck, IsAmbiguous, _isDone) = (None, false, false, false, false);
        (ServerSideNs, ClientSideNs) = (0, 0);
    }

    /// <summary>Whether a SYN repeats the one that opened this connection.</summary>
    public bool IsSynAgain(int direction, uint sequence) =>
        _hasSyn && Client == direction && _clientSequence == sequence;

    public bool IsSynAckAgain(int direction, uint sequence) =>
        _hasSynAck && Client == 1 - direction && _serverSequence == sequence;

    /// <summary>Whether a SYN/ACK answers the SYN that was seen.</summary>
    public bool IsAnswer(int direction) => _hasSyn && !_hasSynAck && Client == 1 - direction;

    public void Open(int direction, uint sequence, long timeNs)
    {
        Clear();
        (Client, _clientSequence, _synNs, _hasSyn) = (direction, sequence, timeNs, true);
    }

    /// <summary>True when it gave a round trip to the server.</summary>
    public bool Answer(int direction, uint sequence, long timeNs)
    {
        (Client, _serverSequence, _synAckNs, _hasSynAck) = (1 - direction, sequence, timeNs, true);
        if (!_hasSyn || IsAmbiguous) return false;
        ServerSideNs = timeNs - _synNs;
        return true;
    }

    /// <summary>A SYN or SYN/ACK came again: which one the next answer answers cannot be told.</summary>
    /// <returns>True where that spoils an answered handshake for the first time.</returns>
    public bool Again()
    {
        if (_isDone || IsAmbiguous) return false;
        IsAmbiguous = true;
        return _hasSynAck;
    }

    /// <summary>Any other segment; true when it ended the handshake with a round trip to the client.</summary>
    /// <param name="length">Data bytes, and one for FIN.</param>
    public bool Follow(int direction, uint sequence, int length, long timeNs)
    {
        if (_isDone || !_hasSynAck || direction != Client) return false;
        _isDone = true;
        // A client that first thinks of what to say does not show the way's length.
        if (IsAmbiguous || length != 0 || (_hasSyn && sequence != _clientSequence + 1)) return false;
        ClientSideNs = timeNs - _synAckNs;
        return true;
    }
}
