using System.Text;
using Testbed.Conformance;
using Testbed.Conformance.Results;
using Testbed.Probes.Http;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Exposure;

/// <summary>
/// The steps of a test of an interface and what came of each: the figure counts those that failed. A step that the kit
/// could not take at all decides nothing. Each is a line of the record.
/// </summary>
internal sealed class StepList : IDisposable
{
    public const string RecordHeader = "calledNs,endedNs,step,status,result";
    private const int FindingsMax = 40;
    private const int WordLengthMax = 60;

    private readonly RecordWriter _record;
    private readonly string _recordName;
    private readonly List<LocalText> _failures = [];
    private LocalText? _undecided;
    private int _done, _failed;

    public StepList(IProbeHost host, string recordName)
    {
        _recordName = recordName;
        _record = new(host.CreateRecord(recordName), RecordHeader);
    }

    public int Done => _done;
    public int Failed => _failed;

    /// <param name="step">A word of the record, e.g. <c>create</c>.</param>
    public void Pass(string step, ApiAnswer? answer = null)
    {
        _done++;
        Write(step, answer, "ok");
    }

    public void Fail(string step, LocalText why, ApiAnswer? answer = null)
    {
        if (answer is { } call && call.Fault.MayBeTheKits())
        {
            Undecided(step, why, answer);
            return;
        }
        _done++;
        _failed++;
        if (_failures.Count < FindingsMax) _failures.Add(why);
        Write(step, answer, "failed");
    }

    /// <summary>The step could not be taken, and that may be the kit's doing.</summary>
    public void Undecided(string step, LocalText why, ApiAnswer? answer = null)
    {
        _undecided ??= why;
        Write(step, answer, "undecided");
    }

    /// <summary>Passes or fails.</summary>
    public void Take(string step, bool isGood, LocalText otherwise, ApiAnswer? answer = null)
    {
        if (isGood) Pass(step, answer);
        else Fail(step, otherwise, answer);
    }

    /// <param name="id">A count of failed steps.</param>
    /// <param name="planned">Steps of the whole test: those that a failure made impossible count as taken.</param>
    /// <param name="notes">What else is to be said.</param>
    public KpiResult Build(string id, string source, int planned, params ReadOnlySpan<LocalText> notes) => new()
    {
        Id = id, Value = _failed, Low = _failed, High = _failed, Unit = "1", Source = source,
        Samples = _failed > 0 ? Math.Max(_done, planned) : _done,
        Evidence = [_recordName], Findings = [.. _failures, .. notes],
        NotUsable = _failed == 0 ? _undecided : null,
        NotUsableVerdict = _failed == 0 && _undecided is not null ? Verdict.Inconclusive : null,
    };

    private void Write(string step, ApiAnswer? answer, string result)
    {
        long now = Clocks.RealtimeNs();
        Span<byte> word = stackalloc byte[WordLengthMax];
        _record.Add(answer?.CalledNs ?? now).Add(answer?.EndedNs ?? now).Add(Ascii(step, word));
        if (answer?.Status is { } status) _record.Add((int)status);
        else _record.AddNothing();
        _record.Add(Ascii(answer is { IsAnswered: false } ? answer.Fault.ToString() : result, word)).EndRow();
    }

    private static ReadOnlySpan<byte> Ascii(string text, Span<byte> room)
    {
        string plain = text.Length <= WordLengthMax ? text : text[..WordLengthMax];
        return room[..Encoding.ASCII.GetBytes(plain, room)];
    }

    public void Dispose() => _record.Dispose();
}
