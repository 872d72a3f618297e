using Testbed.Wire.Ip;

namespace Testbed.Wire.Pfcp;

/// <summary>A PFCP entity's name (TS 29.244 §8.2.38): an address or a domain name.</summary>
public readonly record struct NodeId(HostAddress Address, string? Name = null)
{
    public static DecodeStatus Read(ReadOnlySpan<byte> value, out NodeId node)
    {
        node = default;
        if (value.IsEmpty) return DecodeStatus.BadLength;
        ReadOnlySpan<byte> rest = value[1..];
        switch (value[0] & 0x0F)
        {
            case 0 when rest.Length >= 4:
                node = new(HostAddress.From(rest[..4]));
                return DecodeStatus.Ok;
            case 1 when rest.Length >= 16:
                node = new(HostAddress.From(rest[..16]));
                return DecodeStatus.Ok;
            case 0 or 1:
                return DecodeStatus.BadLength;
            case 2:
                if (!PfcpName.TryRead(rest, out string name)) return DecodeStatus.BadLength;
                node = new(default, name);
                return DecodeStatus.Ok;
            default:
                return DecodeStatus.BadField;
        }
    }

    public void Write(ref PfcpWriter writer)
    {
        int begin = writer.Begin(PfcpElementType.NodeId);
        if (Name is not null)
        {
            writer.Put((byte)2);
            PfcpName.Put(ref writer, Name);
        }
        else
        {
            writer.Put((byte)(Address.IsIpv4 ? 0 : 1));
            writer.Put(Address);
        }
        writer.End(begin);
    }

    public override string ToString() => Name ?? Address.ToString();
}
