using System.Text;

namespace Testbed.Wire.Pfcp;

/// <summary>
/// Network instances and node names: DNS labels without a root (TS 23.003 §19.4.2.1), or, from some cores, plain text.
/// </summary>
internal static class PfcpName
{
    private const int LengthMax = 255;
    private const int LabelLengthMax = 63;

    public static bool TryRead(ReadOnlySpan<byte> value, out string name)
    {
        name = "";
        if (value.Length is 0 or > LengthMax) return false;
        name = IsLabels(value) ? ReadLabels(value) : Encoding.UTF8.GetString(value);
        return true;
    }

    /// <summary>Writes labels, or the text as it is when it does not consist of labels.</summary>
    public static void Put(ref PfcpWriter writer, string name)
    {
        string[] labels = name.Split('.');
        if (!Array.TrueForAll(labels, label => Encoding.UTF8.GetByteCount(label) is > 0 and <= LabelLengthMax))
        {
            writer.Put(Encoding.UTF8.GetBytes(name));
            return;
        }
        foreach (string label in labels)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(label);
            writer.Put((byte)bytes.Length);
            writer.Put(bytes);
        }
    }

    private static bool IsLabels(ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty)
        {
            int length = value[0];
            if (length is 0 or > LabelLengthMax || length >= value.Length) return false;
            value = value[(1 + length)..];
        }
        return true;
    }

    private static string ReadLabels(ReadOnlySpan<byte> value)
    {
        StringBuilder name = new(value.Length);
        while (!value.IsEmpty)
        {
            if (name.Length > 0) name.Append('.');
            name.Append(Encoding.UTF8.GetString(value.Slice(1, value[0])));
            value = value[(1 + value[0])..];
        }
        return name.ToString();
    }
}
