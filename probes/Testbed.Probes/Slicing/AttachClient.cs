using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Testbed.Probes.Slicing;

internal enum AttachOutcome { Granted, Refused, Unanswered }

/// <summary>
/// Asks a UE for PDU sessions over the attach interface (docs/attach-interface.md), and gives back what it got.
/// </summary>
internal sealed class AttachClient : IDisposable
{
    private const string Greeting = "testbed-attach/1";
    private const int Tries = 3;
    private static readonly TimeSpan TryFor = TimeSpan.FromSeconds(1.5);

    private readonly Socket _socket;
    private readonly string _prefix;
    private readonly byte[] _buffer = new byte[512];
    private int _number;

    /// <param name="prefix">Of request ids; unlike any other run's.</param>
    public AttachClient(IPEndPoint attach, string prefix)
    {
        _prefix = prefix;
        _socket = new(attach.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Connect(attach);
    }

    /// <summary>Asks for a session and, where it is granted, releases it again, also when cancelled.</summary>
    public async Task<AttachOutcome> TryAsync(AdmissionRequest request, CancellationToken cancellation)
    {
        string id = $"{_prefix}-{_number++}";
        string ask = string.Create(CultureInfo.InvariantCulture,
            $"{Greeting} {id} establish sst={request.Sst} sd={request.Sd:x6} dnn={request.Dnn}");
        string? answer = null;
        try
        {
            answer = await AskAsync(id, ask, cancellation);
        }
        finally
        {
            // A request that nobody answered may still have been granted.
            if (answer is null or "granted") await AskAsync(id, $"{Greeting} {id} release", CancellationToken.None);
        }
        return answer switch
        {
            "granted" => AttachOutcome.Granted,
            "refused" => AttachOutcome.Refused,
            _ => AttachOutcome.Unanswered,
        };
    }

    /// <summary>The answer's first word; null when none came.</summary>
    private async Task<string?> AskAsync(string id, string text, CancellationToken cancellation)
    {
        byte[] request = Encoding.ASCII.GetBytes(text);
        for (int i = 0; i < Tries; i++)
        {
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(TryFor);
            try
            {
                await _socket.SendAsync(request, SocketFlags.None, patience.Token);
                while (true)
                {
                    int length = await _socket.ReceiveAsync(_buffer, SocketFlags.None, patience.Token);
                    string[] words = Encoding.ASCII.GetString(_buffer, 0, length).Split(' ');
                    if (words.Length >= 3 && words[0] == Greeting && words[1] == id) return words[2];
                }
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Once more: the same id asks for the same session.
            }
            catch (SocketException)
            {
                // Nobody listens there (yet).
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
            }
        }
        return null;
    }

    public void Dispose() => _socket.Dispose();
}
