using System.Buffers.Binary;

namespace Testbed.Wire.Pfcp;

/// <summary>
/// Writes one PFCP message into a span: header, elements, groups. Lengths are filled in when a group or the message is
/// closed. Too small a span is the caller's error and throws.
/// </summary>
public ref struct PfcpWriter
{
    private readonly Span<byte> _destination;

    /// <param name="seid">The receiver's session; null for messages between nodes, which have none.</param>
    public PfcpWriter(Span<byte> destination, PfcpMessageType type, uint sequenceNumber, ulong? seid = null)
    {
        _destination = destination;
        destination[0] = (byte)(0x20 | (seid is null ? 0 : 1));
        destination[1] = (byte)type;
        Length = 4;
        if (seid is { } session)
        {
            BinaryPrimitives.WriteUInt64BigEndian(destination[Length..], session);
            Length += 8;
        }
        BinaryPrimitives.WriteUInt32BigEndian(destination[Length..], sequenceNumber << 8);
        Length += 4;
    }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Starts an element whose length is not known yet; give the result to <see cref="End"/>.</summary>
    public int Begin(ushort type)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[Length..], type);
        Length += 4;
        return Length;
    }

    public readonly void End(int begin) =>
        BinaryPrimitives.WriteUInt16BigEndian(_destination[(begin - 2)..], checked((ushort)(Length - begin)));

    /// <summary>Closes the message and returns its length.</summary>
    public readonly int Finish()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[2..], checked((ushort)(Length - 4)));
        return Length;
    }

    public void Add(ushort type, byte value)
    {
        int begin = Begin(type);
        Put(value);
        End(begin);
    }

    public void Add(ushort type, ushort value)
    {
        int begin = Begin(type);
        Put(value);
        End(begin);
    }

    public void Add(ushort type, uint value)
    {
        int begin = Begin(type);
        Put(value);
        End(begin);
    }

    public void Add(ushort type, ReadOnlySpan<byte> value)
    {
        int begin = Begin(type);
        Put(value);
        End(begin);
    }

    public void Put(byte value) => _destination[Length++] = value;

    public void Put(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[Length..], value);
        Length += 2;
    }

    public void Put(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_destination[Length..], value);
        Length += 4;
    }

    public void Put(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_destination[Length..], value);
        Length += 8;
    }

    public void Put(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_destination[Length..]);
        Length += value.Length;
    }

    internal void Put(Ip.HostAddress address) => Length += address.Write(_destination[Length..]);
}
