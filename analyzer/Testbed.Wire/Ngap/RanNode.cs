namespace Testbed.Wire.Ngap;

/// <summary>What kind of node speaks for the radio access network (TS 38.413 §9.3.1.5).</summary>
public enum RanNodeKind : byte { Gnb = 0, NgEnb = 1, N3Iwf = 2 }

/// <summary>A radio node's identity.</summary>
/// <param name="Bits">Length of the identity: 22 to 32 for a gNB.</param>
public readonly record struct GlobalRanNodeId(Plmn Plmn, RanNodeKind Kind, uint Id, int Bits)
{
    /// <summary>PLMN, and the identity in hex with its length: "46011-000102/24".</summary>
    public override string ToString() => $"{Plmn}-{Id.ToString($"X{(Bits + 3) / 4}")}/{Bits}";
}
