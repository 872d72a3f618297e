using System.Runtime.InteropServices;

namespace Testbed.Lab;

/// <summary>Something that the user can act on: shown as one line, never as a stack trace.</summary>
/// <param name="exitCode">What the process ends with: 2 usage, 4 preflight or permission, 70 a defect of ours.</param>
internal sealed class LabException(string message, int exitCode = ExitCodes.Preflight) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>The reason that the last native call left behind.</summary>
    public static LabException FromErrno(string what) => new($"{what}: {Marshal.GetLastPInvokeErrorMessage()}");
}

/// <summary>The product's exit codes, as far as the lab itself gives one.</summary>
internal static class ExitCodes
{
    public const int Usage = 2;
    public const int Preflight = 4;
    public const int Defect = 70;
}
