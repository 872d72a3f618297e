namespace Testbed.Wire.Files;

/// <summary>How reading a capture file ended.</summary>
public enum CaptureEndingKind
{
    /// <summary>There is more to read.</summary>
    NotYet = 0,
    /// <summary>The last block ended where the file ends.</summary>
    Complete = 1,
    /// <summary>The file ends inside a block, as when its writer was stopped: what came before is sound.</summary>
    TruncatedBlock = 2,
    /// <summary>A block contradicts itself or exceeds a limit; where the next one starts cannot be known.</summary>
    CorruptBlock = 3,
}

/// <param name="Offset">Byte offset of the block that could not be read; the file's length when complete.</param>
/// <param name="Reason">In English, for experts; null when complete.</param>
public readonly record struct CaptureEnding(CaptureEndingKind Kind, long Offset, string? Reason = null);
