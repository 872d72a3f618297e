namespace Testbed.Probes.Slicing;

/// <summary>
/// What the UE's end of a downlink load sends until load comes: shows the way back through NATs, and that somebody of
/// this run asks. 32 bytes: a word, the load's number, the tag.
/// </summary>
internal static class LoadHello
{
    public const int Length = 32;
    private static ReadOnlySpan<byte> Word => "testbed load"u8;

    public static byte[] Write(ReadOnlySpan<byte> key, int number)
    {
        byte[] hello = new byte[Length];
        Word.CopyTo(hello);
        BitConverter.TryWriteBytes(hello.AsSpan(12), number);
        ProbeKeys.Sign(key, hello);
        return hello;
    }

    public static bool IsOf(ReadOnlySpan<byte> key, int number, ReadOnlySpan<byte> datagram) =>
        datagram.Length == Length && datagram.StartsWith(Word)
        && BitConverter.ToInt32(datagram[12..]) == number && ProbeKeys.Verify(key, datagram);
}
