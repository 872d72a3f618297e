using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Testbed.Lab.Behaviour.Security;

namespace Testbed.Lab.UserPlane;

/// <summary>The UPF's sessions, by TEID, UE address and SEID. Look-ups allocate nothing.</summary>
internal sealed class SessionTable(int seed, ITeidChoice teids)
{
    private readonly ConcurrentDictionary<uint, UpfSession> _byTeid = new();
    private readonly ConcurrentDictionary<uint, UpfSession> _byUe = new();
    private readonly ConcurrentDictionary<ulong, UpfSession> _bySeid = new();
    private readonly Random _random = new(seed);

    public int Count => _bySeid.Count;
    public ICollection<UpfSession> All => _bySeid.Values;

    public bool TryFindByTeid(uint teid, [NotNullWhen(true)] out UpfSession? session) =>
        _byTeid.TryGetValue(teid, out session);

    public bool TryFindByUe(uint address, [NotNullWhen(true)] out UpfSession? session) =>
        _byUe.TryGetValue(address, out session);

    public bool TryFindBySeid(ulong seid, [NotNullWhen(true)] out UpfSession? session) =>
        _bySeid.TryGetValue(seid, out session);

    /// <summary>A TEID that no session uses; never 0 (TS 33.513 §4.2.2).</summary>
    public uint FreshTeid() => Fresh(() => teids.Next(_random), _byTeid.ContainsKey);

    /// <summary>A random SEID that no session uses; never 0, which PFCP reserves for "none yet".</summary>
    public ulong FreshSeid() => Fresh(() => (ulong)_random.NextInt64(1, long.MaxValue), _bySeid.ContainsKey);

    private T Fresh<T>(Func<T> draw, Func<T, bool> isUsed)
    {
        lock (_random)
        {
            T value;
            do value = draw();
            while (isUsed(value));
            return value;
        }
    }

    /// <summary>False when another session has the UE's address.</summary>
    public bool TryAdd(UpfSession session)
    {
        if (!_byUe.TryAdd(session.UeAddress, session)) return false;
        _byTeid[session.UplinkTeid] = session;
        _bySeid[session.Seid] = session;
        return true;
    }

    public void Remove(UpfSession session)
    {
        _byUe.TryRemove(session.UeAddress, out _);
        _byTeid.TryRemove(session.UplinkTeid, out _);
        _bySeid.TryRemove(session.Seid, out _);
    }
}
