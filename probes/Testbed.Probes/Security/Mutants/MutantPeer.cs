using System.Net;
using Testbed.Probes.Sockets;
using Testbed.Wire;
using Testbed.Wire.GtpU;

namespace Testbed.Probes.Security.Mutants;

/// <summary>One UPF address: what it got and whether it still answers echoes.</summary>
internal sealed class MutantPeer(IPAddress address)
{
    private readonly HashSet<ushort> _open = [];
    private ushort _sequence;

    public IPAddress Address { get; } = address;
    public SockAddr SocketAddress { get; } = SockAddr.Create(address, GtpUHeader.Port);
    public int Mutants { get; set; }
    public long FirstNs { get; set; }
    public long LastNs { get; set; }
    /// <summary>Answers to echoes sent before the first mutant, and after the last.</summary>
    public int AnswersBefore { get; private set; }
    public int AnswersAfter { get; private set; }
    public int EchoesAfter { get; private set; }

    /// <summary>Writes the next Echo Request; those still open are given up.</summary>
    public int WriteEcho(Span<byte> destination)
    {
        if (Mutants > 0) EchoesAfter++;
        _open.Add(++_sequence);
        return GtpUPathMessages.WriteEchoRequest(destination, _sequence);
    }

    public void Accept(ReadOnlySpan<byte> datagram)
    {
        if (GtpUHeader.Read(datagram, out GtpUHeader header, datagram.Length) is not DecodeStatus.Ok
            || header.MessageType is not GtpUMessageType.EchoResponse || !header.HasSequenceNumber
            || !_open.Remove(header.SequenceNumber)) return;
        if (Mutants > 0) AnswersAfter++;
        else AnswersBefore++;
    }
}
