using Testbed.Probes.Http;
using Testbed.Probes.Sockets;

namespace Testbed.Probes.Exposure;

/// <summary>Keeps one token at hand and asks for another before it expires. One caller at a time.</summary>
internal sealed class TokenSource(TokenClient client)
{
    private const long NsPerSecond = 1_000_000_000;
    /// <summary>A token is not used in its last two seconds, nor longer than this where no lifetime is told.</summary>
    private const long MarginSeconds = 2, LifetimeSecondsUnknown = 30;

    private TokenResult? _latest;
    private long _goodUntilNs;

    /// <summary>A token that still lives, or why there is none.</summary>
    public async Task<TokenResult> GetAsync(CancellationToken cancellation)
    {
        if (_latest is { Token: not null } latest && Clocks.MonotonicNs() < _goodUntilNs) return latest;
        long askedNs = Clocks.MonotonicNs();
        _latest = await client.AskAsync(null, cancellation).ConfigureAwait(false);
        long seconds = Math.Max(0, (_latest.ExpiresInSeconds ?? LifetimeSecondsUnknown) - MarginSeconds);
        _goodUntilNs = askedNs + Math.Min(seconds, int.MaxValue) * NsPerSecond;
        return _latest;
    }
}
