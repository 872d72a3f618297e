using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Testbed.Agents.V1;

namespace Testbed.Agent.Tests.Uplink;

/// <summary>A hub without a network: takes uploads and answers each as its script says.</summary>
internal sealed class ScriptedHub(params Func<EvidenceReceipt, EvidenceReceipt>[] answers) : AgentHub.AgentHubClient
{
    private int _next;

    public List<List<EvidenceChunk>> Uploads { get; } = [];

    public override AsyncClientStreamingCall<EvidenceChunk, EvidenceReceipt> Upload(
        Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default)
    {
        List<EvidenceChunk> chunks = [];
        Uploads.Add(chunks);
        Writer writer = new(chunks, answers[Math.Min(_next++, answers.Length - 1)]);
        return new(writer, writer.Receipt, Task.FromResult(new Metadata()), () => Status.DefaultSuccess,
            () => [], () => { });
    }

    public static EvidenceReceipt Truthful(EvidenceReceipt receipt) => receipt;
    public static EvidenceReceipt Broken(EvidenceReceipt receipt) =>
        throw new RpcException(new(StatusCode.Unavailable, "the line broke"));

    private sealed class Writer(List<EvidenceChunk> chunks, Func<EvidenceReceipt, EvidenceReceipt> answer)
        : IClientStreamWriter<EvidenceChunk>
    {
        private readonly TaskCompletionSource<EvidenceReceipt> _receipt = new();

        public Task<EvidenceReceipt> Receipt => _receipt.Task;
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(EvidenceChunk message)
        {
            chunks.Add(message);
            return Task.CompletedTask;
        }

        public Task CompleteAsync()
        {
            byte[] all = [.. chunks.SelectMany(chunk => chunk.Data.ToByteArray())];
            try
            {
                _receipt.SetResult(answer(new()
                {
                    Name = chunks[0].Name, Bytes = all.Length, Sha256 = ByteString.CopyFrom(SHA256.HashData(all)),
                }));
            }
            catch (RpcException e)
            {
                _receipt.SetException(e);
            }
            return Task.CompletedTask;
        }
    }
}
