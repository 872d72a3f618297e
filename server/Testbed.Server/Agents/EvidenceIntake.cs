using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Testbed.Agents.V1;
using Testbed.Evidence.Files;

namespace Testbed.Server.Agents;

/// <summary>Most that a run takes in; a run that needs more is a run that something is wrong with.</summary>
/// <param name="FileBytesMax">A capture segment ends at 64 MiB, a STAMP record of a million lines near 100 MB.</param>
/// <param name="RunBytesMax">Whole frames of an hour at 100 Mbit/s and four taps are 180 GB.</param>
public sealed record EvidenceQuota(
    long FileBytesMax = 256L << 20, long RunBytesMax = 256L << 30, int FilesMax = 20_000);

/// <summary>A file that has arrived and is on the disc.</summary>
/// <param name="Name">Path inside the run folder.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record EvidenceFile(string Name, string Kit, string TaskId, long Bytes, string Sha256);

/// <summary>
/// Takes evidence files from agents into the run folder. A receipt is given only for bytes that are on the disc
/// under their final name; a repeated upload of the same bytes gets the same receipt.
/// </summary>
public sealed class EvidenceIntake(string folder, AgentRegistry registry, EvidenceQuota quota)
{
    private readonly ConcurrentDictionary<string, EvidenceFile?> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _bytesByTask = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Files received so far, by name.</summary>
    public IReadOnlyList<EvidenceFile> Files =>
        [.. _files.Values.OfType<EvidenceFile>().OrderBy(file => file.Name, StringComparer.Ordinal)];

    /// <summary>Called with each file after it is stored and before its receipt is given.</summary>
    public Action<EvidenceFile>? Received { get; set; }

    /// <summary>Called when the disc does not take a file; its sender is refused and keeps it.</summary>
    public Action<EvidenceWriteException>? DiscRefused { get; set; }

    public EvidenceFile? Find(string name) => _files.GetValueOrDefault(name);

    /// <summary>Bytes that have come for a task, those of files that are still on their way included.</summary>
    public long BytesOf(string taskId) => _bytesByTask.GetValueOrDefault(taskId);

    internal async Task<EvidenceReceipt> ReceiveAsync(
        IAsyncStreamReader<EvidenceChunk> chunks, CancellationToken cancellation)
    {
        if (!await chunks.MoveNext(cancellation).ConfigureAwait(false))
            throw Refusal(StatusCode.InvalidArgument, "an upload without a chunk");
        EvidenceChunk first = chunks.Current;
        CheckOrigin(first);
        try
        {
            return await TakeAsync(first, chunks, cancellation).ConfigureAwait(false);
        }
        catch (EvidenceWriteException refused)
        {
            DiscRefused?.Invoke(refused);
            throw Refusal(StatusCode.ResourceExhausted, $"the server's disc does not take it: {refused.Message}");
        }
    }

    private async Task<EvidenceReceipt> TakeAsync(
        EvidenceChunk first, IAsyncStreamReader<EvidenceChunk> chunks, CancellationToken cancellation)
    {
        string partPath = PartPath(first.Name);
        try
        {
            (long bytes, byte[] digest) = await StoreAsync(partPath, chunks, cancellation).ConfigureAwait(false);
            EvidenceFile file = Enter(first, partPath, bytes, Convert.ToHexStringLower(digest));
            return new() { Name = file.Name, Bytes = file.Bytes, Sha256 = ByteString.CopyFrom(digest) };
        }
        finally
        {
            File.Delete(partPath);
        }
    }

    private void CheckOrigin(EvidenceChunk first)
    {
        if (!EvidencePath.IsAllowed(first.Name))
            throw Refusal(StatusCode.InvalidArgument,
                "name: expected captures/NAME or records/NAME of ASCII letters, digits, '.', '-', '_'");
        if (registry.Find(first.Kit) is not { } link || !link.Knows(first.TaskId))
            throw Refusal(StatusCode.PermissionDenied, "evidence of a task that this kit was not given");
    }

    private async Task<(long Bytes, byte[] Digest)> StoreAsync(
        string partPath, IAsyncStreamReader<EvidenceChunk> chunks, CancellationToken cancellation)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using DurableFile part = DurableFile.Create(partPath);
        long bytes = 0;
        EvidenceChunk chunk;
        do
        {
            chunk = chunks.Current;
            bytes += chunk.Data.Length;
            if (bytes > quota.FileBytesMax || Interlocked.Add(ref _bytes, chunk.Data.Length) > quota.RunBytesMax)
                throw Refusal(StatusCode.ResourceExhausted, "more evidence than a run may hold");
            _bytesByTask.AddOrUpdate(chunk.TaskId, chunk.Data.Length, (_, before) => before + chunk.Data.Length);
            hash.AppendData(chunk.Data.Span);
            part.Append(chunk.Data.Span);
        }
        while (!chunk.Last && await chunks.MoveNext(cancellation).ConfigureAwait(false));
        byte[] digest = hash.GetHashAndReset();
        if (!chunk.Last) throw Refusal(StatusCode.DataLoss, "the upload ended before its last chunk");
        if (!chunk.Sha256.Span.SequenceEqual(digest))
            throw Refusal(StatusCode.DataLoss, "the bytes received do not have the digest that was sent");
        part.Sync();
        return (bytes, digest);
    }

    private EvidenceFile Enter(EvidenceChunk first, string partPath, long bytes, string sha256)
    {
        EvidenceFile file = new(first.Name, first.Kit, first.TaskId, bytes, sha256);
        if (_files.Count >= quota.FilesMax)
            throw Refusal(StatusCode.ResourceExhausted, "more files than a run may hold");
        // The empty entry holds the name while the file is being moved to it.
        if (!_files.TryAdd(file.Name, null))
        {
            if (_files[file.Name] is { } present && present == file) return present;
            throw Refusal(StatusCode.AlreadyExists, $"{file.Name} is already there with other bytes");
        }
        string path = Path.Combine(folder, file.Name);
        OnDisc(path, "rename", () => File.Move(partPath, path, overwrite: false));
        DurableFile.SyncDirectory(Path.GetDirectoryName(path)!);
        Received?.Invoke(file);
        _files[file.Name] = file;
        return file;
    }

    private string PartPath(string name)
    {
        string path = Path.Combine(folder, name);
        OnDisc(path, "mkdir", () => Directory.CreateDirectory(Path.GetDirectoryName(path)!));
        return $"{path}.{Guid.NewGuid():n}.part";
    }

    private static void OnDisc(string path, string operation, Action action)
    {
        try
        {
            action();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceWriteException(path, operation, 0, refused.Message);
        }
    }

    private static RpcException Refusal(StatusCode code, string reason) => new(new(code, reason));
}
