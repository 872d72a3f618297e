using System.Text;

namespace Testbed.Analyzer.Tests.Differential;

/// <summary>Holds what both decoders saw against each other, field by field, and counts.</summary>
internal sealed class Comparison
{
    private const int ShownMax = 20;
    private readonly SortedDictionary<string, long> _explained = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _oneSided = new(StringComparer.Ordinal);
    private readonly List<string> _unexplained = [];

    public long Frames { get; private set; }
    public long Fields { get; private set; }
    public long Unexplained { get; private set; }

    public void Add(
        string name, IReadOnlyDictionary<long, SeenFrame> ours, IReadOnlyDictionary<long, string> reasons,
        IReadOnlyDictionary<long, SeenFrame> theirs)
    {
        foreach (long number in theirs.Keys.Where(number => !ours.ContainsKey(number)))
            Count(_oneSided, $"only tshark calls it GTP-U; we say {reasons.GetValueOrDefault(number, "nothing")}");
        foreach ((long number, SeenFrame our) in ours)
        {
            if (theirs.TryGetValue(number, out SeenFrame? their)) Compare(our, their, $"{name}#{number}");
            else Count(_oneSided, "only we call it GTP-U");
        }
    }

    private void Compare(SeenFrame our, SeenFrame their, string place)
    {
        Frames++;
        Field("message", our.Kind, their.Kind, our, their, place);
        Field("teid", our.Teid, their.Teid, our, their, place);
        if (our.Qfi is not null || their.Qfi is not null)
        {
            Field("qfi", our.Qfi, their.Qfi, our, their, place);
            Field("direction", our.IsUplink, their.IsUplink, our, their, place);
        }
        if (our.InnerVersion == 0 && their.InnerVersion == 0) return;
        if (our.InnerVersion == 0 || their.InnerVersion == 0)
        {
            Count(_oneSided, our.InnerVersion == 0
                ? "only tshark reads an IP packet inside" : $"only we read an IP packet inside ({our.Traits})");
            return;
        }
        Field("inner version", our.InnerVersion, their.InnerVersion, our, their, place);
        Field("inner source", our.Source, their.Source, our, their, place);
        Field("inner destination", our.Destination, their.Destination, our, their, place);
    }

    private void Field<T>(string field, T ours, T theirs, SeenFrame our, SeenFrame their, string place)
    {
        Fields++;
        if (EqualityComparer<T>.Default.Equals(ours, theirs)) return;
        if (ExplainedDifferences.Explain(field, our, their) is { } reason)
        {
            Count(_explained, reason);
            return;
        }
        Unexplained++;
        if (_unexplained.Count < ShownMax)
            _unexplained.Add($"{place} {field}: ours {ours}, tshark {theirs} ({our.Traits}; {their.Traits})");
    }

    private static void Count(SortedDictionary<string, long> counts, string reason) =>
        counts[reason] = counts.GetValueOrDefault(reason) + 1;

    public override string ToString()
    {
        StringBuilder text = new();
        text.AppendLine(
            $"compared with tshark: {Frames:N0} frames, {Fields:N0} fields, {Unexplained} unexplained differences");
        foreach ((string reason, long count) in _explained) text.AppendLine($"  explained {count:N0}: {reason}");
        foreach ((string reason, long count) in _oneSided) text.AppendLine($"  not compared {count:N0}: {reason}");
        foreach (string difference in _unexplained) text.AppendLine($"  UNEXPLAINED {difference}");
        return text.ToString();
    }
}
