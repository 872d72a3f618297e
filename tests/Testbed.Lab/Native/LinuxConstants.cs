namespace Testbed.Lab.Native;

/// <summary>Numbers of the Linux interface, equal on x86-64 and arm64.</summary>
internal static class LinuxConstants
{
    public const int CloneNewNet = 0x4000_0000;
    public const int OpenReadOnly = 0;
    public const int CloseOnExec = 0x8_0000;
    public const int NonBlocking = 0x800;
    public const int FcntlSetFlags = 2;

    public const int FamilyInet = 2;
    public const int FamilyPacket = 17;
    public const int SocketDatagram = 2;
    public const int SocketRaw = 3;
    public const ushort EtherTypeIpv4 = 0x0800;
    public const ushort EtherTypeAll = 3;
    /// <summary>Of a packet socket's address: a frame that this host sent.</summary>
    public const byte PacketOutgoing = 4;

    public const int LevelIp = 0;
    public const int OptionTimeToLive = 2;
    public const int OptionMtuDiscover = 10;

    public const int OptionTypeOfService = 1;
    public const int LevelSocket = 1;
    public const int LevelPacket = 263;
    public const int OptionPacketStatistics = 6;
    public const int OptionSendBuffer = 7;
    public const int OptionReceiveBuffer = 8;
    public const int OptionSendBufferForce = 32;
    public const int OptionReceiveBufferForce = 33;
    /// <summary>Also the type of the control message that carries the stamp.</summary>
    public const int OptionTimestampNs = 35;

    public const int MessageTruncated = 0x20;
    public const int MessageDontWait = 0x40;

    public const int ErrorInterrupted = 4;

    public const short PollIn = 1;
    public const int SetTimerSlack = 29;

    public const int SignalInterrupt = 2;
    public const int SignalKill = 9;
    public const int SignalUser1 = 10;
    public const int SignalTerminate = 15;
    public const int SignalContinue = 18;
    public const int SignalStop = 19;
}
