using Testbed.Lab.Behaviour;

namespace Testbed.Lab.Faults;

/// <summary>A text in both languages of the product.</summary>
internal sealed record FaultText(string Zh, string En);

/// <summary>
/// One way in which a testbed falls short or an applicant cheats. One file each, found by assembly scan.
/// </summary>
internal interface IFault
{
    /// <summary>As given to <c>--fault</c>.</summary>
    string Name { get; }

    FaultText Description { get; }

    /// <summary>
    /// Exactly the requirements whose verdict differs from that of a lab without faults, with the verdict they then
    /// get (Pass, Fail, Inconclusive, NotMeasurable, NotApplicable, Invalid or NotRun).
    /// </summary>
    IReadOnlyDictionary<string, string> Breaks { get; }

    /// <summary>
    /// Changes parts of an honest lab's behaviour before it starts. Faults are applied in the order given.
    /// </summary>
    void Apply(LabBehaviour behaviour);
}
