using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Testbed.Lab.Native;
using Testbed.Lab.Records;
using Testbed.Lab.Topology;
using Testbed.Wire.Ip;

namespace Testbed.Lab.Radio;

/// <summary>
/// A phone's modem as its host sees it: asks the network for a session with a slice and a data network of the asker's
/// choice. Speaks the attach interface of docs/attach-interface.md on the UE side's loopback.
/// </summary>
internal sealed class AttachService : IDisposable
{
    /// <summary>Never part of a ramp or of the lab's own UEs.</summary>
    private static readonly uint FirstAddress = HostAddress.Parse("10.45.250.1").Ipv4Bits;
    private const int AddressCount = 200;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);
    private const string Greeting = "testbed-attach/1";

    private readonly GnbSessions _sessions;
    private readonly UdpClient _socket;
    private readonly Dictionary<string, (string Answer, uint Address)> _answers = new(StringComparer.Ordinal);
    private readonly Task _serving;
    private int _next;

    public AttachService(GnbSessions sessions, Ledger ledger)
    {
        ledger.Events.Hold(
            "sessions that were asked for", () => ledger.OpenCount(FirstAddress, FirstAddress + AddressCount - 1));
        _sessions = sessions;
        _socket = NetworkNamespace.Run(Plan.Ue, () => new UdpClient(IPEndPoint.Parse(Plan.AttachInterface)));
        _serving = ServeAsync();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            UdpReceiveResult request;
            try
            {
                request = await _socket.ReceiveAsync();
            }
            catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
            {
                return;
            }
            string text = Encoding.ASCII.GetString(request.Buffer);
            if (await AnswerAsync(text) is not { } answer) continue;
            await _socket.SendAsync(Encoding.ASCII.GetBytes(answer), request.RemoteEndPoint);
        }
    }

    private async Task<string?> AnswerAsync(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || words[0] != Greeting || words[1].Length > 64) return null;
        string id = words[1];
        bool isKnown = _answers.TryGetValue(id, out (string Answer, uint Address) known);
        switch (words[2])
        {
            // A request that comes again is the same request.
            case "establish" when isKnown: return known.Answer;
            case "establish" when words.Length == 6 && _next < AddressCount:
                if (!TryRead(words, out byte sst, out uint sd, out string dnn)) return $"{Greeting} {id} error";
                uint address = FirstAddress + (uint)_next++;
                string answer = await EstablishAsync(address, sst, sd, dnn);
                _answers[id] = ($"{Greeting} {id} {answer}", address);
                return _answers[id].Answer;
            case "release" when isKnown:
                _sessions.Detach(known.Address);
                return $"{Greeting} {id} released";
            default:
                return $"{Greeting} {id} error";
        }
    }

    private async Task<string> EstablishAsync(uint address, byte sst, uint sd, string dnn)
    {
        TaskCompletionSource<byte?> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _sessions.Attach(new(SliceAccess.Embb, address, sst, sd, dnn, cause => done.TrySetResult(cause)));
        try
        {
            byte? cause = await done.Task.WaitAsync(AnswerWithin);
            return cause is null ? $"granted {HostAddress.FromIpv4(address)}" : $"refused {cause}";
        }
        catch (TimeoutException)
        {
            return "refused 0";
        }
    }

    private static bool TryRead(string[] words, out byte sst, out uint sd, out string dnn)
    {
        sst = 0;
        sd = 0;
        dnn = words[5].StartsWith("dnn=", StringComparison.Ordinal) ? words[5][4..] : "";
        return dnn.Length is > 0 and <= 63
            && words[3].StartsWith("sst=", StringComparison.Ordinal)
            && byte.TryParse(words[3].AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out sst)
            && words[4].StartsWith("sd=", StringComparison.Ordinal)
            && uint.TryParse(words[4].AsSpan(3), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out sd)
            && sd <= 0xFF_FFFF;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _serving.GetAwaiter().GetResult();
    }
}

/// <summary>A wish for a session that names its slice and data network.</summary>
/// <param name="Answer">Called once: null when it is up, else the cause of the refusal.</param>
internal sealed record AttachWish(
    SliceAccess Slice, uint UeAddress, byte Sst, uint Sd, string Dnn, Action<byte?> Answer);
