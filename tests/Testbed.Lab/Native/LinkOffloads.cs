using System.Runtime.InteropServices;
using System.Text;

namespace Testbed.Lab.Native;

/// <summary>
/// Switches checksum and segmentation offloads of an interface off (SIOCETHTOOL), so that every captured frame
/// carries complete checksums and is no longer than the MTU.
/// </summary>
internal static unsafe class LinkOffloads
{
    private const nuint Request = 0x8946;
    private const int NameLength = 16;

    // ETHTOOL_STXCSUM, _SSG, _STSO, _SGSO, _SGRO of linux/ethtool.h.
    private static readonly (uint Command, string Name)[] Switches =
        [(0x17, "tx-checksum"), (0x19, "scatter-gather"), (0x1f, "tso"), (0x24, "gso"), (0x2c, "gro")];

    [StructLayout(LayoutKind.Sequential)]
    private struct InterfaceRequest
    {
        public fixed byte Name[NameLength];
        public void* Data;
        public nuint Padding;
        public nuint Padding2;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct SwitchValue
    {
        public uint Command;
        public uint Value;
    }

    /// <summary>Call it inside the interface's namespace.</summary>
    public static void Disable(string interfaceName)
    {
        int fd = Libc.Check(
            Libc.Socket(
                LinuxConstants.FamilyInet, LinuxConstants.SocketDatagram | LinuxConstants.CloseOnExec, 0),
            "socket for SIOCETHTOOL");
        try
        {
            foreach ((uint command, string name) in Switches)
            {
                SwitchValue value = new() { Command = command, Value = 0 };
                InterfaceRequest request = default;
                Encoding.ASCII.GetBytes(interfaceName, new Span<byte>(request.Name, NameLength - 1));
                request.Data = &value;
                Libc.Check(Libc.Ioctl(fd, Request, &request), $"switch {name} of {interfaceName} off");
            }
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }
}
