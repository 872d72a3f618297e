using Testbed.Conformance;

namespace Testbed.Server.Runs;

/// <summary>Whoever watches a run.</summary>
public interface IRunProgress
{
    /// <param name="share">Of the whole run, 0 to 1.</param>
    /// <param name="figure">A short figure such as a rate so far; empty when there is none.</param>
    void At(LocalText phase, double share, string figure);

    /// <summary>Something worth a line of its own: a kit came, a kit is lost, a task failed.</summary>
    void Note(LocalText text);
}
