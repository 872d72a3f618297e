namespace Testbed.Lab.Behaviour;

/// <summary>Nothing gets through for a while, again and again.</summary>
internal sealed class PeriodicOutage(TimeSpan length, TimeSpan period, TimeProvider time) : ILossPolicy
{
    private readonly long _startedAt = time.GetTimestamp();

    public bool Loses(in PassingPacket packet) =>
        time.GetElapsedTime(_startedAt).Ticks % period.Ticks < length.Ticks;
}

/// <summary>
/// Applies another policy to small packets only, so that a fault of single messages is not to become one of capacity.
/// </summary>
internal sealed class LossOfSmallPackets(int lengthMax, ILossPolicy inner) : ILossPolicy
{
    public bool Loses(in PassingPacket packet) => packet.InnerLength <= lengthMax && inner.Loses(packet);
}

/// <summary>Of some UEs of a slice the first packets get through and no other.</summary>
/// <param name="isMeant">Picks UEs by address.</param>
internal sealed class ForgottenAfter(int packets, Func<uint, bool> isMeant) : ILossPolicy
{
    private readonly Dictionary<uint, int> _seen = [];

    public bool Loses(in PassingPacket packet)
    {
        if (!isMeant(packet.UeAddress)) return false;
        int seen = _seen.GetValueOrDefault(packet.UeAddress);
        if (seen >= packets) return true;
        _seen[packet.UeAddress] = seen + 1;
        return false;
    }
}
