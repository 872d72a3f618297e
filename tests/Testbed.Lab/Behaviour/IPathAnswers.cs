namespace Testbed.Lab.Behaviour;

/// <summary>What a node says about its GTP-U path when it is asked.</summary>
internal interface IPathAnswers
{
    /// <summary>Echo Request is answered by Echo Response (TS 29.281 §7.2.2).</summary>
    bool AnswersEcho { get; }

    /// <summary>A G-PDU for an unknown tunnel is answered by Error Indication (TS 29.281 §7.3.1).</summary>
    bool ReportsUnknownTunnels { get; }
}

internal sealed class StandardAnswers : IPathAnswers
{
    public bool AnswersEcho => true;
    public bool ReportsUnknownTunnels => true;
}

internal sealed class SilentPath : IPathAnswers
{
    public bool AnswersEcho => false;
    public bool ReportsUnknownTunnels => false;
}
