namespace Testbed.Wire.Files;

/// <summary>Block types and options of pcapng (draft-ietf-opsawg-pcapng).</summary>
internal static class PcapNgBlock
{
    public const uint SectionHeader = 0x0A0D0D0A;
    public const uint InterfaceDescription = 1;
    /// <summary>Obsolete (appendix A), still met.</summary>
    public const uint OldPacket = 2;
    public const uint SimplePacket = 3;
    public const uint InterfaceStatistics = 5;
    public const uint EnhancedPacket = 6;
    public const uint ByteOrderMagic = 0x1A2B3C4D;

    /// <summary>Bytes of a block without a body: type, length, and length again.</summary>
    public const int LengthMin = 12;
    public const int HeaderLength = 8;

    public const int OptionEnd = 0;
    public const int OptionComment = 1;
    public const int InterfaceName = 2;
    public const int InterfaceDescriptionText = 3;
    public const int InterfaceTimeResolution = 9;
    public const int InterfaceTimeOffset = 14;
    public const int SectionApplication = 4;
    public const int StatisticsReceived = 4;
    public const int StatisticsDroppedByInterface = 5;
    public const int StatisticsDroppedByOs = 7;
}
