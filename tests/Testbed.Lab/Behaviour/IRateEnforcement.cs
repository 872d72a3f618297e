namespace Testbed.Lab.Behaviour;

/// <summary>Turns a signalled maximum bit rate into the one that the UPF enforces.</summary>
internal interface IRateEnforcement
{
    /// <summary>Both in bit/s.</summary>
    long Enforced(long signalled);
}

internal sealed class AsSignalled : IRateEnforcement
{
    public long Enforced(long signalled) => signalled;
}

internal sealed class ShareOf(IRateEnforcement inner, double share) : IRateEnforcement
{
    public long Enforced(long signalled) => (long)(inner.Enforced(signalled) * share);
}
