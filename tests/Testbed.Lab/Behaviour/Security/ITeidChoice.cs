namespace Testbed.Lab.Behaviour.Security;

/// <summary>How the UPF chooses its TEIDs; one that is in use is asked for again.</summary>
internal interface ITeidChoice
{
    /// <summary>Never 0.</summary>
    uint Next(Random random);
}

internal sealed class RandomTeids : ITeidChoice
{
    public uint Next(Random random) => (uint)random.NextInt64(1, 1L << 32);
}

internal sealed class CountedTeids : ITeidChoice
{
    private uint _last;

    public uint Next(Random random) => ++_last == 0 ? ++_last : _last;
}
