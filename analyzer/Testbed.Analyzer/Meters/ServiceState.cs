using Testbed.Conformance.Statistics;

namespace Testbed.Analyzer.Meters;

/// <summary>
/// Whether a communication service was up, message by message in the order of sending. A message that is missing when
/// it is due starts the survival time; if none arrives until that has passed, the service is down until the next one
/// that does (TS 22.104 §3.1, survival time, and annex C). Times are those of sending: what is due later is due later
/// by the same deadline for every message.
/// </summary>
internal sealed class ServiceState(long survivalNs)
{
    private long _firstNs = -1, _lastNs, _missingSinceNs = -1, _sampledNs;

    public long DownNs { get; private set; }
    public long LongestDownNs { get; private set; }
    public int Interruptions { get; private set; }
    public long ObservedNs => _firstNs < 0 ? 0 : _lastNs - _firstNs;

    /// <summary>
    /// The state looked at once in each survival time; "lost" is down. What happens within one such time is one event,
    /// so these, and not messages, are what can be counted as trials.
    /// </summary>
    public LossSequence Samples { get; } = new();

    public void Take(long sentNs, bool isDelivered)
    {
        if (_firstNs < 0) _firstNs = _sampledNs = sentNs;
        _lastNs = Math.Max(_lastNs, sentNs);
        if (isDelivered) ComeUp(sentNs);
        else if (_missingSinceNs < 0)
        {
            Sample(sentNs, long.MaxValue);
            _missingSinceNs = sentNs;
        }
    }

    /// <summary>To be called after the last message: what is missing then stays missing.</summary>
    public void Finish() => ComeUp(_lastNs);

    private void ComeUp(long nowNs)
    {
        long downNs = _missingSinceNs < 0 ? long.MaxValue : _missingSinceNs + survivalNs;
        Sample(nowNs, downNs);
        _missingSinceNs = -1;
        if (downNs >= nowNs) return;
        Interruptions++;
        DownNs += nowNs - downNs;
        LongestDownNs = Math.Max(LongestDownNs, nowNs - downNs);
    }

    private void Sample(long untilNs, long downNs)
    {
        while (_sampledNs + survivalNs <= untilNs)
        {
            _sampledNs += survivalNs;
            Samples.Add(_sampledNs >= downNs && _sampledNs < untilNs);
        }
    }
}
