namespace Testbed.Lab.Behaviour.Security;

/// <summary>Whether the UPF carries packets from one UE to another without N6.</summary>
internal interface ILocalSwitch
{
    bool Connects { get; }
}

internal sealed class UesApart : ILocalSwitch
{
    public bool Connects => false;
}

internal sealed class UesTogether : ILocalSwitch
{
    public bool Connects => true;
}
