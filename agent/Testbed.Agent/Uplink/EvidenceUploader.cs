using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Testbed.Agent.Spool;
using Testbed.Agents.V1;

namespace Testbed.Agent.Uplink;

/// <summary>Evidence did not reach the server, or not as it was: it stays in the spool.</summary>
internal sealed class UploadException(string name, string reason, Exception? inner = null)
    : Exception($"{name}: {reason}", inner);

/// <summary>Sends files in chunks and deletes a file only when the server's receipt names its very digest.</summary>
internal sealed class EvidenceUploader(
    AgentHub.AgentHubClient client, string kit, TimeProvider time, ILogger logger)
{
    private const int ChunkBytes = 256 << 10;
    private const int Attempts = 3;
    // Slower than this is no connection: a 64 MiB segment then has some ten minutes.
    private const long BytesPerSecondMin = 100 << 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DeadlineMin = TimeSpan.FromSeconds(30);

    /// <exception cref="UploadException">After several tries, or at once when the spool's file has changed.</exception>
    public async Task SendAsync(string taskId, SpooledFile file, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await SendOnceAsync(taskId, file, cancellation);
                SpoolFolder.Delete(file);
                return;
            }
            catch (Exception e) when (e is RpcException or HttpRequestException
                && attempt < Attempts && !cancellation.IsCancellationRequested)
            {
                Log.UploadFailed(logger, file.RunName, attempt, LostStream.Reason(e));
                await Task.Delay(Pause * attempt, time, cancellation);
            }
            catch (Exception e) when (LostStream.IsMeantBy(e))
            {
                throw new UploadException(file.RunName, LostStream.Reason(e), e);
            }
        }
    }

    private async Task SendOnceAsync(string taskId, SpooledFile file, CancellationToken cancellation)
    {
        await using FileStream stream = new(
            file.LocalPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: false);
        TimeSpan deadline = DeadlineMin + TimeSpan.FromSeconds(stream.Length / (double)BytesPerSecondMin);
        using AsyncClientStreamingCall<EvidenceChunk, EvidenceReceipt> call = client.Upload(
            deadline: DateTime.UtcNow + deadline, cancellationToken: cancellation);
        (long bytes, byte[] sha256) = await WriteChunksAsync(call.RequestStream, taskId, file, stream);
        EvidenceReceipt receipt = await call.ResponseAsync;
        if (receipt.Bytes != bytes || !receipt.Sha256.Span.SequenceEqual(sha256))
            throw new UploadException(file.RunName, "the server's receipt names another digest or length");
    }

    private async Task<(long Bytes, byte[] Sha256)> WriteChunksAsync(
        IClientStreamWriter<EvidenceChunk> writer, string taskId, SpooledFile file, FileStream stream)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[ChunkBytes];
        long bytes = 0;
        while (true)
        {
            int read = stream.ReadAtLeast(buffer, ChunkBytes, throwOnEndOfStream: false);
            hash.AppendData(buffer, 0, read);
            bytes += read;
            bool last = bytes == stream.Length;
            EvidenceChunk chunk = new()
            {
                TaskId = taskId, Kit = kit, Name = file.RunName, Data = ByteString.CopyFrom(buffer, 0, read),
                Last = last,
            };
            if (last)
            {
                byte[] sha256 = hash.GetHashAndReset();
                RequireUnchanged(file, sha256);
                chunk.Sha256 = ByteString.CopyFrom(sha256);
                await writer.WriteAsync(chunk);
                await writer.CompleteAsync();
                return (bytes, sha256);
            }
            if (read == 0) throw new UploadException(file.RunName, "the file became shorter while it was read");
            await writer.WriteAsync(chunk);
        }
    }

    private static void RequireUnchanged(SpooledFile file, byte[] sha256)
    {
        if (file.Sha256 is { } sealedAs && sealedAs != Convert.ToHexStringLower(sha256))
            throw new UploadException(file.RunName, "the spool's file is not what was sealed");
    }
}
