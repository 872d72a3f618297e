namespace Testbed.Capture;

/// <summary>Why a capture cannot start or go on. No member is zero: a default value names no fault.</summary>
public enum CaptureFault
{
    LibraryMissing = 1,
    PermissionDenied = 2,
    UnknownInterface = 3,
    InterfaceDown = 4,
    BadFilter = 5,
    NotSupported = 6,
    /// <summary>The interface or libpcap failed while frames were being read.</summary>
    DeviceFailed = 7,
    /// <summary>A segment could not be written or made durable; what was sealed before stays valid.</summary>
    StorageFailed = 8,
    DiskFull = 9,
}

/// <summary>A capture that cannot start or go on: what is wrong in both languages, and what to do about it.</summary>
/// <remarks>All but <see cref="CaptureFault.StorageFailed"/> and later are preflight faults (exit code 4).</remarks>
public sealed class CaptureException(
    CaptureFault fault, string problemZh, string problemEn, string remedyZh, string remedyEn, Exception? inner = null)
    : Exception(remedyEn.Length == 0 ? problemEn : $"{problemEn} {remedyEn}", inner)
{
    public CaptureFault Fault { get; } = fault;
    public string ProblemZh { get; } = problemZh;
    public string ProblemEn { get; } = problemEn;
    /// <summary>A command or a short sentence that helps; empty when none is known.</summary>
    public string Remedy { get; } = remedyEn;
    public string RemedyZh { get; } = remedyZh;
}
