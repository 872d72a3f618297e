namespace Testbed.Lab.Behaviour;

/// <summary>Turns a signalled maximum bit rate into the one that the UPF enforces.</summary>
internal interface IRateEnforcement
{
    /// <summary>Both in bit/s.</summary>
    /// <param name="isSession">A session's AMBR; else a QoS flow's MFBR.</param>
    long Enforced(long signalled, bool isSession);
}

internal sealed class AsSignalled : IRateEnforcement
{
    public long Enforced(long signalled, bool isSession) => signalled;
}

/// <summary>Sessions get less than their AMBR; flows what they were promised.</summary>
internal sealed class ShareOf(IRateEnforcement inner, double share) : IRateEnforcement
{
    public long Enforced(long signalled, bool isSession) =>
        (long)(inner.Enforced(signalled, isSession) * (isSession ? share : 1));
}

/// <summary>Rates are signalled and nobody keeps to them.</summary>
internal sealed class Unenforced : IRateEnforcement
{
    public long Enforced(long signalled, bool isSession) => long.MaxValue;
}
