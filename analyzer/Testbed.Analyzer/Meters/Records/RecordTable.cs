using System.Globalization;

namespace Testbed.Analyzer.Meters.Records;

/// <summary>A probe's record is not what its kind of record looks like.</summary>
public sealed class RecordFormatException(string file, long line, string expected, string found)
    : Exception($"{file}:{line}: expected {expected}, found {found}")
{
    public string File { get; } = file;
    /// <summary>From 1.</summary>
    public long Line { get; } = line;
}

/// <summary>Reads a probe's CSV record: a header of names, then rows of whole numbers and words.</summary>
internal sealed class RecordTable
{
    /// <summary>A week of 16 packets a second, or three hours at 1,000.</summary>
    private const int RowsMax = 10_000_000;
    private readonly string _path;
    private readonly string[] _names;

    private RecordTable(string path, string[] names, List<string[]> rows) =>
        (_path, _names, Rows) = (path, names, rows);

    public List<string[]> Rows { get; }

    /// <exception cref="RecordFormatException">No header, a row of another width, or too many rows.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RecordTable Read(string path)
    {
        using StreamReader reader = new(path);
        string[] names =
            reader.ReadLine()?.Split(',') ?? throw new RecordFormatException(path, 1, "a header", "nothing");
        List<string[]> rows = [];
        for (long line = 2; reader.ReadLine() is { } text; line++)
        {
            if (text.Length == 0) continue;
            string[] row = text.Split(',');
            if (row.Length != names.Length)
                throw new RecordFormatException(path, line, $"{names.Length} columns", $"{row.Length}");
            if (rows.Count == RowsMax) throw new RecordFormatException(path, line, $"at most {RowsMax} rows", "more");
            rows.Add(row);
        }
        return new(path, names, rows);
    }

    /// <exception cref="RecordFormatException">There is no such column.</exception>
    public int Column(string name) => Array.IndexOf(_names, name) is >= 0 and int at
        ? at
        : throw new RecordFormatException(_path, 1, $"a column {name}", string.Join(',', _names));

    /// <summary>Null for a column that older records lack.</summary>
    public int? ColumnIfAny(string name) => Array.IndexOf(_names, name) is >= 0 and int at ? at : null;

    /// <summary>The cell as a whole number; 0 where it is empty.</summary>
    public long Number(int row, int column)
    {
        string cell = Rows[row][column];
        if (cell.Length == 0) return 0;
        return long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new RecordFormatException(_path, row + 2, $"a whole number in {_names[column]}", $"'{cell}'");
    }
}
