namespace Testbed.Analyzer.Matching;

/// <summary>How strictly the addresses of two sightings must agree, learned from a first pass.</summary>
internal enum AddressRule
{
    /// <summary>Agreement is preferred, not demanded.</summary>
    Prefer = 0,
    /// <summary>The far end's address must be the same: the UPF translates the UE's end only.</summary>
    SameRemote = 1,
    /// <summary>Both addresses and ports must be the same: nothing is translated.</summary>
    SameFlow = 2,
}

/// <summary>One record's place: which tap, which record.</summary>
internal readonly record struct RecordPlace(int Tap, int Record);

/// <summary>What came of each record of one tap. Shards write to disjoint places.</summary>
internal sealed class TapOutcome(int count)
{
    public readonly int[] PartnerRecord = Filled(count);
    public readonly byte[] PartnerTap = new byte[count];
    public readonly MatchFlags[] Flags = new MatchFlags[count];

    public void Clear()
    {
        Array.Fill(PartnerRecord, -1);
        Array.Clear(Flags);
    }

    private static int[] Filled(int count)
    {
        int[] values = new int[count];
        Array.Fill(values, -1);
        return values;
    }
}

[Flags]
internal enum MatchFlags : byte
{
    None = 0,
    /// <summary>More than one packet with this key was at hand.</summary>
    Ambiguous = 1,
    /// <summary>
    /// The same packet seen again at the same tap, on another interface or in the other direction of the host.
    /// </summary>
    Copy = 2,
}
