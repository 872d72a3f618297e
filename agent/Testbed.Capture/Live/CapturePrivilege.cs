namespace Testbed.Capture.Live;

/// <summary>What a program needs to capture, and how it gets it.</summary>
public static class CapturePrivilege
{
    /// <summary>
    /// The command that lets this program capture without root. It names the program that runs: capabilities of a
    /// script, as the launcher is one, count for nothing (execve(2)).
    /// </summary>
    public static string Grant =>
        $"sudo setcap cap_net_raw,cap_net_admin+eip \"$(readlink -f {Environment.ProcessPath ?? "testbed"})\"";
}
