namespace Testbed.Cli;

/// <summary>The same in every output format; scripts rely on them.</summary>
internal static class ExitCode
{
    public const int AllPass = 0;
    /// <summary>At least one requirement failed.</summary>
    public const int Fail = 1;
    /// <summary>Command line, claim file or capture file is wrong.</summary>
    public const int Usage = 2;
    /// <summary>No fail, but something inconclusive, not measurable, invalid or not run.</summary>
    public const int Undecided = 3;
    /// <summary>A preflight check or a permission is missing.</summary>
    public const int Preflight = 4;
    /// <summary>A signature or a digest does not hold.</summary>
    public const int Integrity = 5;
    /// <summary>A defect of ours (EX_SOFTWARE of sysexits.h).</summary>
    public const int Defect = 70;
    /// <summary>128 + SIGINT, as shells count.</summary>
    public const int Interrupted = 130;
}
