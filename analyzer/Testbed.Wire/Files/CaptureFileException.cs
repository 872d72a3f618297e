namespace Testbed.Wire.Files;

/// <summary>
/// A file that is no capture: its header names another format, or ends too early. Damage further on is no exception
/// but a source's <see cref="CaptureFileSource.Ending"/>.
/// </summary>
public sealed class CaptureFileException : Exception
{
    public CaptureFileException(string file, long offset, string expected, string found)
        : base($"{file}: byte {offset}: expected {expected}, found {found}.")
    {
        File = file;
        Offset = offset;
        Expected = expected;
        Found = found;
    }

    /// <summary>Path, or what the caller named the stream.</summary>
    public string File { get; }
    /// <summary>Byte offset in the file.</summary>
    public long Offset { get; }
    public string Expected { get; }
    public string Found { get; }
}
