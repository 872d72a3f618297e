using System.Net;
using System.Net.Sockets;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Wire;
using Testbed.Wire.Dns;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Edge;

/// <summary>The DNS server at the edge site, which an SMF would give to the UEs (RFC 1035 over UDP).</summary>
internal sealed class NameServer : IDisposable
{
    private const uint TimeToLiveS = 60;
    private const int MessageBytesMax = 512;

    private readonly Socket _socket;
    private readonly INameAnswers _names;
    private readonly EventCounts _events;

    public NameServer(INameAnswers names, EventCounts events)
    {
        (_names, _events) = (names, events);
        _socket = NetworkNamespace.Run(Plan.Mec, () =>
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(Plan.EdgeHost), DnsMessage.Port));
            return socket;
        });
        _ = ServeAsync();
    }

    private async Task ServeAsync()
    {
        byte[] buffer = new byte[4096];
        SocketAddress peer = new(AddressFamily.InterNetwork);
        while (true)
        {
            try
            {
                int length = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, peer);
                if (Answer(buffer.AsSpan(0, length)) is { } answer)
                    await _socket.SendToAsync(answer, SocketFlags.None, peer);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception) when (exception.SocketErrorCode != SocketError.OperationAborted)
            {
                // A UE that is gone (port unreachable) is no reason to stop serving the others.
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> datagram)
    {
        if (DnsMessage.Read(datagram, out DnsMessage? asked) is not DecodeStatus.Ok || asked is null || asked.IsResponse
            || asked.Questions is not [{ } question])
        {
            _events.Add("name server: not a question");
            return null;
        }
        string? address = asked.Opcode == 0 ? _names.AddressOf(question.Name) : null;
        _events.Add(address is null ? "name server: no such name" : "name server: answered");
        DnsMessage answer = new()
        {
            Id = asked.Id, IsResponse = true, IsAuthoritative = true, RecursionDesired = asked.RecursionDesired,
            ResponseCode = asked.Opcode != 0 ? DnsResponseCode.NotImplemented
                : address is null ? DnsResponseCode.NameError : DnsResponseCode.NoError,
            Questions = asked.Questions,
            Answers = address is not null && question.Type is DnsType.A
                ? [new(question.Name, DnsType.A, TimeToLiveS, HostAddress.Parse(address))] : [],
        };
        byte[] bytes = new byte[MessageBytesMax];
        try
        {
            return bytes[..answer.Write(bytes)];
        }
        catch (ArgumentException)
        {
            // A name of bytes that no host's name has: asked by nobody who means it.
            _events.Add("name server: not a question");
            return null;
        }
    }

    public void Dispose() => _socket.Dispose();
}
