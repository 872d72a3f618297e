using Testbed.Wire.Dns;
using Testbed.Wire.Ip;

namespace Testbed.Probes.Edge;

/// <summary>
/// One question and what came back. The identifier and the case of each letter are drawn from the run's nonce, so that
/// nobody off the path can answer (RFC 5452 §4.3, draft-vixie-dnsext-dns0x20). A server may give the name back in small
/// letters (RFC 4343 §4.1): the case is no condition, as identifier, port and N3 tell an answer by themselves.
/// </summary>
internal sealed class EdgeNameQuestion
{
    private readonly string _name;
    private readonly byte[] _query;

    /// <param name="draw">32 bits of chance.</param>
    public EdgeNameQuestion(string name, DnsType type, uint draw)
    {
        _name = name;
        AskedName = MixCase(name, draw);
        Id = (ushort)(draw >> 16);
        byte[] room = new byte[DnsMessage.HeaderLength + DnsName.LengthMax + 5];
        DnsMessage message = new() { Id = Id, RecursionDesired = true, Questions = [new(AskedName, type)] };
        _query = room[..message.Write(room)];
    }

    public ushort Id { get; }
    /// <summary>The name with some letters large and some small.</summary>
    public string AskedName { get; }
    public ReadOnlySpan<byte> Query => _query;
    /// <summary>Null until a response came.</summary>
    public DnsResponseCode? Code { get; private set; }
    public IReadOnlyList<HostAddress> Addresses { get; private set; } = [];

    /// <summary>Whether the datagram is the response to this question; what it says is then kept.</summary>
    public bool TryTake(ReadOnlySpan<byte> datagram)
    {
        if (DnsMessage.Read(datagram, out DnsMessage? answer) is not Wire.DecodeStatus.Ok || answer is null
            || !answer.IsResponse || answer.Id != Id || answer.Opcode != 0
            || answer.Questions is not [{ } question] || !DnsName.IsSame(question.Name, AskedName))
            return false;
        Code = answer.ResponseCode;
        Addresses = answer.ResponseCode is DnsResponseCode.NoError ? answer.AddressesOf(_name) : [];
        return true;
    }

    private static string MixCase(string name, uint draw)
    {
        char[] letters = name.ToLowerInvariant().ToCharArray();
        for (int i = 0; i < letters.Length; i++)
            if ((draw >> i % 16 & 1) != 0) letters[i] = char.ToUpperInvariant(letters[i]);
        return new(letters);
    }
}
