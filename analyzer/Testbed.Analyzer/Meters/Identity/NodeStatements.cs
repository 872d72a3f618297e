using Testbed.Analyzer.Decoding.Signalling;
using Testbed.Analyzer.Meters.Sessions;
using Testbed.Conformance;
using Testbed.Wire.Ip;
using Testbed.Wire.Ngap;

namespace Testbed.Analyzer.Meters.Identity;

/// <summary>What a node of the control plane says of itself, each time that it says it.</summary>
internal sealed class NodeStatements
{
    /// <summary>
    /// A node that says another time stamp with every message does not know when it started; it was not replaced.
    /// </summary>
    private const int StatementsOfAClock = 4;

    private readonly
        SortedDictionary<(HostAddress Node, string What), List<(string Value, string Evidence)>> _said = [];

    public static NodeStatements Of(ControlPlane control)
    {
        NodeStatements statements = new();
        foreach (CapturedPfcp captured in control.PfcpMessages)
        {
            if (captured.Message.RecoveryTimeStamp is { } started)
                statements.Add(captured.Source, "PFCP Recovery Time Stamp", $"{started}", captured.Evidence);
        }
        foreach (CapturedNgap captured in control.NgapMessages)
        {
            if (captured.Message is not { Procedure: NgapProcedure.NgSetup } setup) continue;
            if (setup.Outcome is NgapOutcome.Initiating && setup.RanNode is { } node)
                statements.Add(captured.Source.Address, "Global RAN Node ID", $"{node}", captured.Evidence);
            if (setup.Outcome is NgapOutcome.Successful && setup.AmfName is { } name)
                statements.Add(captured.Source.Address, "AMF Name, GUAMI",
                    $"{name} {string.Join(' ', setup.ServedGuamis)}", captured.Evidence);
        }
        return statements;
    }

    /// <summary>Kinds of statement that were made twice or more, so that they could be compared.</summary>
    public int Compared => _said.Values.Count(said => said.Count > 1 && !IsClock(said));

    public IEnumerable<(LocalText Text, string Evidence)> Changes()
    {
        foreach (((HostAddress node, string what), List<(string Value, string Evidence)> said) in _said)
        {
            if (IsClock(said)) continue;
            for (int i = 1; i < said.Count; i++)
            {
                if (said[i].Value == said[i - 1].Value) continue;
                string text = $"{node} {what}: {said[i - 1].Value} → {said[i].Value} ({said[i].Evidence})";
                yield return (new(text, text), said[i].Evidence);
            }
        }
    }

    private static bool IsClock(List<(string Value, string Evidence)> said) =>
        said.Count >= StatementsOfAClock && said.DistinctBy(one => one.Value).Count() == said.Count;

    private void Add(HostAddress node, string what, string value, string evidence)
    {
        if (!_said.TryGetValue((node, what), out List<(string, string)>? said)) _said[(node, what)] = said = [];
        said.Add((value, evidence));
    }
}
