namespace Testbed.Lab.Behaviour;

/// <summary>The DSCP that gNB and UPF put on the outer header of a QoS flow (TS 23.501 §5.8.2.7, GSMA IR.34).</summary>
internal static class Marking
{
    /// <summary>Expedited forwarding (RFC 3246).</summary>
    public const byte Expedited = 46;

    /// <summary>Delay-critical and conversational 5QIs are expedited, all else is best effort.</summary>
    public static byte Of(int fiveQi) => fiveQi is 1 or 80 or (>= 82 and <= 90) and not 82 ? Expedited : (byte)0;
}
