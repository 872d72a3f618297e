using System.Diagnostics;

namespace Testbed.Lab.Topology;

/// <summary>iproute2 in batch mode.</summary>
internal static class IpCommand
{
    /// <param name="networkNamespace">Named namespace to work in; null for the process's own.</param>
    public static async Task RunAsync(string? networkNamespace, string commands)
    {
        ProcessStartInfo start = new("ip") { RedirectStandardInput = true, RedirectStandardError = true };
        foreach (string argument in networkNamespace is null ? [] : new[] { "-n", networkNamespace })
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add("-batch");
        start.ArgumentList.Add("-");
        using Process process = Process.Start(start) ?? throw new LabException("cannot start ip", ExitCodes.Preflight);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(commands);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        if (process.ExitCode == 0) return;
        string where = networkNamespace ?? "the lab's own namespace";
        throw new LabException($"ip refused a command in {where}: {(await errors).ReplaceLineEndings(" ").Trim()}");
    }
}
