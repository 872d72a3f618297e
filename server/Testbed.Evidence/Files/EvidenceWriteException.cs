namespace Testbed.Evidence.Files;

/// <summary>
/// The operating system did not take evidence to the disc (EIO, ENOSPC, a short write …). Nothing that was
/// not acknowledged before may be counted as stored.
/// </summary>
public sealed class EvidenceWriteException(string path, string operation, int errorNumber, string reason)
    : IOException($"{operation} of {path} failed: {reason}", errorNumber) // HResult is errno, as in .NET's own.
{
    public string Path { get; } = path;
    /// <summary>
    /// <c>open</c>, <c>write</c>, <c>fsync</c>, <c>truncate</c>, <c>rename</c>, <c>lock</c>, <c>mkdir</c>.
    /// </summary>
    public string Operation { get; } = operation;
    /// <summary>The C library's errno; 0 for a short write.</summary>
    public int ErrorNumber { get; } = errorNumber;
    public bool IsDiskFull => ErrorNumber is 28 or 122; // ENOSPC, EDQUOT
}
