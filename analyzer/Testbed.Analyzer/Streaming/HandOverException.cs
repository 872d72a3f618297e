using Testbed.Conformance;

namespace Testbed.Analyzer.Streaming;

/// <summary>
/// Packets cannot be measured as they come and the analysis starts over with all of them in memory: what was met is
/// legal, but its meaning depends on packets that are still to come. Control flow within this room only.
/// </summary>
internal sealed class HandOverException(string zh, string en) : Exception(en)
{
    public LocalText Why { get; } = new(zh, en);

    public static HandOverException Unsorted(string tap) =>
        new($"{tap} 的报文不按时间排列", $"the packets of {tap} are not in the order of time");

    public static HandOverException NoDirection(string tap) => new(
        $"{tap} 上有不带 PDU 会话容器的 G-PDU", $"{tap} has G-PDUs without a PDU session container");

    public static HandOverException SeveralInterfaces(string tap) =>
        new($"{tap} 采自多个接口", $"{tap} was captured on several interfaces");

    public static HandOverException TooMany(string what) => new($"{what} 过多", $"too many {what}");
}
