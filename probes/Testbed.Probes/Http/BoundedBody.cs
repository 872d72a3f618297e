using System.Buffers;

namespace Testbed.Probes.Http;

/// <summary>Reads a body up to a limit; what is beyond it is never read.</summary>
internal static class BoundedBody
{
    private const int StepBytes = 16 * 1024;

    /// <summary>The whole body; null when it is longer than <paramref name="bytesMax"/>.</summary>
    /// <exception cref="IOException">The peer broke off.</exception>
    public static async Task<byte[]?> ReadAsync(Stream stream, int bytesMax, CancellationToken cancellation)
    {
        ArrayBufferWriter<byte> body = new();
        while (true)
        {
            int room = Math.Min(StepBytes, bytesMax + 1 - body.WrittenCount);
            int read = await stream.ReadAsync(body.GetMemory(room)[..room], cancellation).ConfigureAwait(false);
            if (read == 0) return body.WrittenSpan.ToArray();
            body.Advance(read);
            if (body.WrittenCount > bytesMax) return null;
        }
    }
}
