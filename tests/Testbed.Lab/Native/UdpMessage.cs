namespace Testbed.Lab.Native;

/// <summary>Sends single messages of the control and management planes.</summary>
internal static unsafe class UdpMessage
{
    /// <summary>Sends once; a refusal by the kernel is like a loss on the way.</summary>
    public static void Send(int fd, UdpPeer peer, ReadOnlySpan<byte> message)
    {
        Span<byte> name = stackalloc byte[SendPort.AddressBytesInet];
        SendPort.WriteAddress(name, peer);
        fixed (byte* data = message)
        fixed (byte* to = name)
            _ = Libc.SendTo(fd, data, (nuint)message.Length, 0, to, (uint)name.Length);
    }
}
