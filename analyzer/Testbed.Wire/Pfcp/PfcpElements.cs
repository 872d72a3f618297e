using System.Buffers.Binary;

namespace Testbed.Wire.Pfcp;

/// <summary>One information element (TS 29.244 §8.1.1). A grouped one's value is a list of elements again.</summary>
public readonly ref struct PfcpElement(ushort type, ReadOnlySpan<byte> value)
{
    public ushort Type { get; } = type;
    /// <summary>With the enterprise number in front where <see cref="IsVendor"/>.</summary>
    public ReadOnlySpan<byte> Value { get; } = value;
    public bool IsVendor => (Type & PfcpElementType.VendorBit) != 0;
    /// <summary>
    /// The value as elements: for grouped types only. Depth is the caller's; it is two at most in this product.
    /// </summary>
    public PfcpElements Elements => new(Value);
}

/// <summary>
/// Walks elements with <c>foreach</c>; allocates nothing and always moves on by at least 4 bytes. After the walk
/// <see cref="Status"/> says whether the list was sound to its end, so keep the enumerator to ask it.
/// <code>
///  | type (16) | length (16) | value |
/// </code>
/// </summary>
public ref struct PfcpElements
{
    private const int HeaderLength = 4;
    private ReadOnlySpan<byte> _rest;

    internal PfcpElements(ReadOnlySpan<byte> list)
    {
        _rest = list;
        Status = DecodeStatus.Ok;
        Current = default;
    }

    public PfcpElement Current { get; private set; }
    public DecodeStatus Status { get; private set; }

    public readonly PfcpElements GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.IsEmpty || Status is not DecodeStatus.Ok) return false;
        if (_rest.Length < HeaderLength)
        {
            Status = DecodeStatus.BadLength;
            return false;
        }
        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length > _rest.Length - HeaderLength)
        {
            Status = DecodeStatus.BadLength;
            return false;
        }
        Current = new(BinaryPrimitives.ReadUInt16BigEndian(_rest), _rest.Slice(HeaderLength, length));
        _rest = _rest[(HeaderLength + length)..];
        return true;
    }

    /// <summary>The first element of a type; false when there is none or the list is damaged before it.</summary>
    public readonly bool TryFind(ushort type, out PfcpElement element)
    {
        PfcpElements walk = this;
        while (walk.MoveNext())
        {
            if (walk.Current.Type != type) continue;
            element = walk.Current;
            return true;
        }
        element = default;
        return false;
    }
}
