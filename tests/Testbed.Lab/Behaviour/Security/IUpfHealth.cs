using System.Buffers.Binary;

namespace Testbed.Lab.Behaviour.Security;

/// <summary>Whether the UPF's user plane still works.</summary>
internal interface IUpfHealth
{
    /// <summary>False: no packet is forwarded or answered any more, in either direction.</summary>
    bool IsUp { get; }

    /// <summary>Told of every datagram that comes over N3, on one thread.</summary>
    void Saw(ReadOnlySpan<byte> datagram);
}

internal sealed class SteadyUpf : IUpfHealth
{
    public bool IsUp => true;

    public void Saw(ReadOnlySpan<byte> datagram) { }
}

/// <summary>
/// Follows an extension header that states no length, and never comes back; the control part notices nothing.
/// </summary>
internal sealed class FallsOverEmptyExtension : IUpfHealth
{
    private const byte HasExtension = 0x04, GPdu = 255;
    private const int FlagsAt = 0, TypeAt = 1, LengthAt = 2, NextTypeAt = 11, ExtensionAt = 12;

    private volatile bool _isDown;

    public bool IsUp => !_isDown;

    public void Saw(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > ExtensionAt && (datagram[FlagsAt] & 0xF0) == 0x30
            && (datagram[FlagsAt] & HasExtension) != 0 && datagram[TypeAt] == GPdu
            && BinaryPrimitives.ReadUInt16BigEndian(datagram[LengthAt..]) <= datagram.Length - 8
            && datagram[NextTypeAt] != 0 && datagram[ExtensionAt] == 0) _isDown = true;
    }
}
