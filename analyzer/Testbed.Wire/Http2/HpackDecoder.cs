namespace Testbed.Wire.Http2;

/// <summary>
/// Decodes header blocks (RFC 7541) far enough for a request's service and a response's status. The dynamic table
/// keeps sizes and those two; no other name or value is kept. One direction of one connection.
/// </summary>
public sealed class HpackDecoder
{
    /// <summary>What both ends begin with (RFC 9113 §6.5.2).</summary>
    private const int TableSizeDefault = 4096;
    /// <summary>More than any peer on a service-based interface asks for; a larger wish is refused.</summary>
    private const int TableSizeMax = 65_536;
    private const int EntryOverhead = 32;
    private const int StringMax = 16_384;

    private readonly record struct Entry(HpackField Field, int NameLength, int Size);

    private readonly LinkedList<Entry> _entries = [];
    private int _size;
    private int _sizeMax = TableSizeDefault;
    // Decoded strings live no longer than one call, and there may be many connections.
    [ThreadStatic] private static byte[]? t_text;

    /// <summary>
    /// Reads one whole block. After any fault the table no longer agrees with the sender's, and the connection cannot
    /// be followed further.
    /// </summary>
    public DecodeStatus Read(ReadOnlySpan<byte> block, out Http2Headers headers)
    {
        headers = default;
        string? service = null;
        int status = 0;
        while (!block.IsEmpty)
        {
            DecodeStatus read = ReadField(ref block, out HpackField field);
            if (read is not DecodeStatus.Ok) return read;
            if (field.Kind is HpackKind.Path) service ??= field.Service;
            else if (field.Kind is HpackKind.Status && status == 0) status = field.Status;
        }
        headers = new(service, status);
        return DecodeStatus.Ok;
    }

    private DecodeStatus ReadField(ref ReadOnlySpan<byte> block, out HpackField field)
    {
        field = default;
        byte first = block[0];
        if ((first & 0x80) != 0) return ReadIndexed(ref block, out field);
        if ((first & 0xE0) == 0x20) return ReadTableSize(ref block);
        bool isKept = (first & 0x40) != 0;
        return ReadLiteral(ref block, isKept ? 6 : 4, isKept, out field);
    }

    private DecodeStatus ReadIndexed(ref ReadOnlySpan<byte> block, out HpackField field)
    {
        field = default;
        DecodeStatus status = ReadNumber(ref block, 7, out int index);
        if (status is not DecodeStatus.Ok) return status;
        if (index == 0) return DecodeStatus.BadField;
        if (index <= HpackStaticTable.Count) field = HpackStaticTable.Field(index);
        else if (Find(index) is { } entry) field = entry.Field;
        else return DecodeStatus.BadField;
        return DecodeStatus.Ok;
    }

    private DecodeStatus ReadTableSize(ref ReadOnlySpan<byte> block)
    {
        DecodeStatus status = ReadNumber(ref block, 5, out int size);
        if (status is not DecodeStatus.Ok) return status;
        if (size > TableSizeMax) return DecodeStatus.Unsupported;
        _sizeMax = size;
        Evict(0);
        return DecodeStatus.Ok;
    }

    private DecodeStatus ReadLiteral(ref ReadOnlySpan<byte> block, int prefix, bool isKept, out HpackField field)
    {
        field = default;
        DecodeStatus status = ReadNumber(ref block, prefix, out int index);
        if (status is not DecodeStatus.Ok) return status;
        HpackName name;
        if (index == 0)
        {
            status = ReadText(ref block, out ReadOnlySpan<byte> text);
            name = HpackName.Of(text);
        }
        else if (index <= HpackStaticTable.Count) name = HpackStaticTable.Name(index);
        else if (Find(index) is { } entry) name = new(entry.Field.Kind, entry.NameLength);
        else return DecodeStatus.BadField;
        if (status is not DecodeStatus.Ok) return status;
        status = ReadText(ref block, out ReadOnlySpan<byte> value);
        if (status is not DecodeStatus.Ok) return status;
        field = new(name.Kind,
            name.Kind is HpackKind.Path ? SbiService.Of(value) : null,
            name.Kind is HpackKind.Status ? StatusOf(value) : 0);
        if (isKept) Keep(new(field, name.Length, name.Length + value.Length + EntryOverhead));
        return DecodeStatus.Ok;
    }

    private void Keep(in Entry entry)
    {
        Evict(entry.Size);
        // An entry larger than the table empties it and is not kept (RFC 7541 §4.4).
        if (entry.Size > _sizeMax) return;
        _entries.AddFirst(entry);
        _size += entry.Size;
    }

    private void Evict(int room)
    {
        while (_entries.Last is { } last && _size + room > _sizeMax)
        {
            _size -= last.Value.Size;
            _entries.RemoveLast();
        }
    }

    // The table holds at most 2,048 entries, and SBI peers refer to recent ones: walking is cheap enough.
    private Entry? Find(int index)
    {
        LinkedListNode<Entry>? node = _entries.First;
        for (int at = HpackStaticTable.Count + 1; node is not null && at < index; at++) node = node.Next;
        return node?.Value;
    }

    private static DecodeStatus ReadText(ref ReadOnlySpan<byte> block, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (block.IsEmpty) return DecodeStatus.Truncated;
        bool isCoded = (block[0] & 0x80) != 0;
        DecodeStatus status = ReadNumber(ref block, 7, out int length);
        if (status is not DecodeStatus.Ok) return status;
        if (length > block.Length) return DecodeStatus.Truncated;
        text = block[..length];
        block = block[length..];
        if (!isCoded) return DecodeStatus.Ok;
        t_text ??= new byte[StringMax];
        status = HpackHuffman.Decode(text, t_text, out int decoded);
        text = t_text.AsSpan(0, decoded);
        return status;
    }

    /// <summary>RFC 7541 §5.1.</summary>
    private static DecodeStatus ReadNumber(ref ReadOnlySpan<byte> block, int prefix, out int number)
    {
        int mask = (1 << prefix) - 1;
        number = block[0] & mask;
        block = block[1..];
        if (number < mask) return DecodeStatus.Ok;
        for (int shift = 0; shift <= 21; shift += 7)
        {
            if (block.IsEmpty) return DecodeStatus.Truncated;
            byte next = block[0];
            block = block[1..];
            number += (next & 0x7F) << shift;
            if ((next & 0x80) == 0) return DecodeStatus.Ok;
        }
        return DecodeStatus.BadLength;
    }

    private static int StatusOf(ReadOnlySpan<byte> value) =>
        value.Length == 3 && int.TryParse(value, System.Globalization.NumberStyles.None, null, out int status)
            ? status : 0;
}
