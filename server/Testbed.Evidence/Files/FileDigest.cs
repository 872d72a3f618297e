using System.Security.Cryptography;

namespace Testbed.Evidence.Files;

/// <summary>SHA-256 and length of a file, read once and in pieces.</summary>
/// <param name="Sha256">Lower-case hex, 64 characters.</param>
public sealed record FileDigest(string Sha256, long Bytes)
{
    public static FileDigest Of(string path)
    {
        using FileStream stream = Open(path, FileOptions.SequentialScan);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(128 * 1024);
        long bytes = 0;
        for (int read; (read = stream.Read(buffer)) > 0; bytes += read) hash.AppendData(buffer.AsSpan(0, read));
        return new FileDigest(Convert.ToHexStringLower(hash.GetCurrentHash()), bytes);
    }

    public static async Task<FileDigest> OfAsync(string path, CancellationToken cancel)
    {
        await using FileStream stream = Open(path, FileOptions.SequentialScan | FileOptions.Asynchronous);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(128 * 1024);
        long bytes = 0;
        for (int read; (read = await stream.ReadAsync(buffer, cancel)) > 0; bytes += read)
            hash.AppendData(buffer.AsSpan(0, read));
        return new FileDigest(Convert.ToHexStringLower(hash.GetCurrentHash()), bytes);
    }

    // Other processes may still append; what is read is what is digested.
    private static FileStream Open(string path, FileOptions options) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, options);
}
