using System.Buffers.Binary;
using Testbed.Wire.Ip;

namespace Testbed.Wire.Dns;

/// <summary>A DNS query or response over UDP (RFC 1035 §4). Authority and additional records are not read.</summary>
/// <remarks>
/// <code>
///  0 identifier     2 QR|opcode|AA|TC|RD  3 RA|Z|RCODE
///  4 QDCOUNT  6 ANCOUNT  8 NSCOUNT  10 ARCOUNT  12 questions, answers …
/// </code>
/// </remarks>
public sealed class DnsMessage
{
    public const int Port = 53;
    public const int HeaderLength = 12;
    /// <summary>More answers than a name of an application has addresses; a message with more is refused.</summary>
    public const int RecordsMax = 64;
    /// <summary>How many aliases are followed, more than resolvers do.</summary>
    private const int AliasesMax = 16;
    private const byte ResponseFlag = 0x80, AuthoritativeFlag = 0x04, TruncatedFlag = 0x02, RecursionDesiredFlag = 0x01;
    private const byte RecursionAvailableFlag = 0x80;

    public required ushort Id { get; init; }
    public bool IsResponse { get; init; }
    public byte Opcode { get; private init; }
    public bool IsAuthoritative { get; init; }
    public bool IsTruncated { get; private init; }
    public bool RecursionDesired { get; init; }
    public bool RecursionAvailable { get; init; }
    public DnsResponseCode ResponseCode { get; init; }
    public IReadOnlyList<DnsQuestion> Questions { get; init; } = [];
    public IReadOnlyList<DnsRecord> Answers { get; init; } = [];

    /// <summary>Reads header, questions and answers.</summary>
    public static DecodeStatus Read(ReadOnlySpan<byte> datagram, out DnsMessage? message)
    {
        message = null;
        if (datagram.Length < HeaderLength) return DecodeStatus.Truncated;
        int questionCount = BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]);
        int answerCount = BinaryPrimitives.ReadUInt16BigEndian(datagram[6..]);
        if (questionCount > RecordsMax || answerCount > RecordsMax) return DecodeStatus.Unsupported;
        int at = HeaderLength;
        List<DnsQuestion> questions = [];
        for (int i = 0; i < questionCount; i++)
        {
            DecodeStatus status = ReadQuestion(datagram, ref at, out DnsQuestion question);
            if (status is not DecodeStatus.Ok) return status;
            questions.Add(question);
        }
        List<DnsRecord> answers = [];
        for (int i = 0; i < answerCount; i++)
        {
            DecodeStatus status = ReadRecord(datagram, ref at, out DnsRecord record);
            if (status is not DecodeStatus.Ok) return status;
            answers.Add(record);
        }
        message = new()
        {
            Id = BinaryPrimitives.ReadUInt16BigEndian(datagram),
            IsResponse = (datagram[2] & ResponseFlag) != 0,
            Opcode = (byte)(datagram[2] >> 3 & 0x0F),
            IsAuthoritative = (datagram[2] & AuthoritativeFlag) != 0,
            IsTruncated = (datagram[2] & TruncatedFlag) != 0,
            RecursionDesired = (datagram[2] & RecursionDesiredFlag) != 0,
            RecursionAvailable = (datagram[3] & RecursionAvailableFlag) != 0,
            ResponseCode = (DnsResponseCode)(datagram[3] & 0x0F),
            Questions = questions,
            Answers = answers,
        };
        return DecodeStatus.Ok;
    }

    private static DecodeStatus ReadQuestion(ReadOnlySpan<byte> datagram, ref int at, out DnsQuestion question)
    {
        question = default;
        DecodeStatus status = DnsName.Read(datagram, ref at, out string name);
        if (status is not DecodeStatus.Ok) return status;
        if (datagram.Length - at < 4) return DecodeStatus.Truncated;
        question = new(
            name, (DnsType)BinaryPrimitives.ReadUInt16BigEndian(datagram[at..]),
            BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 2)..]));
        at += 4;
        return DecodeStatus.Ok;
    }

    private static DecodeStatus ReadRecord(ReadOnlySpan<byte> datagram, ref int at, out DnsRecord record)
    {
        record = default;
        DecodeStatus status = DnsName.Read(datagram, ref at, out string name);
        if (status is not DecodeStatus.Ok) return status;
        if (datagram.Length - at < 10) return DecodeStatus.Truncated;
        DnsType type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(datagram[at..]);
        ushort recordClass = BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 2)..]);
        uint timeToLive = BinaryPrimitives.ReadUInt32BigEndian(datagram[(at + 4)..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 8)..]);
        at += 10;
        if (datagram.Length - at < length) return DecodeStatus.Truncated;
        string alias = "";
        HostAddress address = default;
        if (type is DnsType.A or DnsType.Aaaa)
        {
            if (length != (type is DnsType.A ? 4 : 16)) return DecodeStatus.BadLength;
            address = HostAddress.From(datagram.Slice(at, length));
        }
        else if (type is DnsType.Cname)
        {
            int end = at;
            status = DnsName.Read(datagram, ref end, out alias);
            if (status is not DecodeStatus.Ok) return status;
            if (end != at + length) return DecodeStatus.BadLength;
        }
        at += length;
        record = new(name, type, timeToLive, address, alias, recordClass);
        return DecodeStatus.Ok;
    }

    /// <summary>
    /// Addresses that the answers give for <paramref name="name"/>, aliases followed; empty where there are none.
    /// </summary>
    public IReadOnlyList<HostAddress> AddressesOf(string name)
    {
        for (int i = 0; i < AliasesMax; i++)
        {
            HostAddress[] addresses = [.. Answers.Where(record => IsOf(record, name)
                && record.Type is DnsType.A or DnsType.Aaaa).Select(record => record.Address)];
            if (addresses.Length > 0) return addresses;
            if (Answers.FirstOrDefault(record => IsOf(record, name) && record.Type is DnsType.Cname)
                is not { Alias.Length: > 0 } alias) return [];
            name = alias.Alias;
        }
        return [];

        static bool IsOf(DnsRecord record, string name) =>
            record.Class == DnsRecord.Internet && DnsName.IsSame(record.Name ?? "", name);
    }

    /// <summary>Writes the message without compression and returns its length.</summary>
    /// <exception cref="ArgumentException">A name cannot be written, or the message does not fit.</exception>
    public int Write(Span<byte> destination)
    {
        if (destination.Length < HeaderLength)
            throw new ArgumentException("A DNS message takes at least 12 bytes.", nameof(destination));
        destination[..HeaderLength].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(destination, Id);
        destination[2] = (byte)((IsResponse ? ResponseFlag : 0) | (IsAuthoritative ? AuthoritativeFlag : 0)
            | (RecursionDesired ? RecursionDesiredFlag : 0));
        destination[3] = (byte)((RecursionAvailable ? RecursionAvailableFlag : 0) | (byte)ResponseCode);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], (ushort)Questions.Count);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], (ushort)Answers.Count);
        int at = HeaderLength;
        foreach (DnsQuestion question in Questions)
        {
            at += DnsName.Write(destination[at..], question.Name);
            BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)question.Type);
            BinaryPrimitives.WriteUInt16BigEndian(destination[(at + 2)..], question.Class);
            at += 4;
        }
        foreach (DnsRecord record in Answers) at += Write(destination[at..], record);
        return at;
    }

    private static int Write(Span<byte> destination, in DnsRecord record)
    {
        int at = DnsName.Write(destination, record.Name);
        BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)record.Type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[(at + 2)..], record.Class);
        BinaryPrimitives.WriteUInt32BigEndian(destination[(at + 4)..], record.TimeToLiveS);
        int length = record.Type is DnsType.Cname
            ? DnsName.Write(destination[(at + 10)..], record.Alias)
            : record.Address.Write(destination[(at + 10)..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[(at + 8)..], (ushort)length);
        return at + 10 + length;
    }
}
