using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Testbed.Analyzer;
using Testbed.Analyzer.Captures;
using Testbed.Cli.Output;
using Testbed.Wire.Files;

namespace Testbed.Cli.Captures;

/// <summary>
/// Turns what stands behind <c>--n3</c> and its like into taps: files, quoted patterns and standard input. Files that
/// follow each other in time are one tap, for a packet at the end of one may leave the UPF in the next; files of the
/// same time are taps side by side.
/// </summary>
internal sealed partial class CaptureInputs(string example) : IDisposable
{
    private const string StandardInput = "-";
    /// <summary>Bytes of a pcapng section header block without options; a file with less was just made.</summary>
    private const int StartedLengthMin = 28;
    private DirectoryInfo? _spool;
    private bool _hasReadInput;

    /// <exception cref="CliException">
    /// A file is not there, a pattern names none, or standard input is to be read twice.
    /// </exception>
    /// <exception cref="CaptureFileException">One of several files is no capture.</exception>
    public IReadOnlyList<TapInput> Taps(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        List<TapInput> taps = [];
        List<string> single = [];
        foreach (string argument in arguments)
        {
            if (argument == StandardInput) taps.Add(TapInput.FromFile(SpoolInput(cancellation)));
            else if (IsPattern(argument)) taps.Add(new(Path.GetFileName(argument), InOrder(Expand(argument)), []));
            else
            {
                CaptureErrors.RequireFile(argument, example);
                using FileStream file = new(argument, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                if (file.CanSeek) single.Add(argument);
                else taps.Add(TapInput.FromFile(Spool(file, $"pipe{taps.Count}", cancellation)));
            }
        }
        List<string> unnumbered = [];
        foreach (IGrouping<string, string> group in single.GroupBy(path => SegmentNumber().Replace(path, "")))
        {
            if (group.Count() == 1) unnumbered.Add(group.First());
            else taps.Add(new(Path.GetFileName(group.Key), InOrder([.. group]), []));
        }
        taps.AddRange(CaptureSequence.Group(unnumbered).Select(files => files.Count == 1
            ? TapInput.FromFile(files[0]) : new(Path.GetFileName(files[0]), files, [])));
        return taps;
    }

    /// <summary>
    /// The taps of captures that are being written: a pattern or a folder names a ring, of which there may be no file
    /// yet. Files that hold nothing yet are left out.
    /// </summary>
    /// <exception cref="CliException">A single file is not there, or standard input is named.</exception>
    /// <exception cref="CaptureFileException">A file is no capture.</exception>
    public IReadOnlyList<TapInput> Growing(IReadOnlyList<string> arguments)
    {
        List<TapInput> taps = [];
        List<string> single = [];
        foreach (string argument in arguments)
        {
            if (argument == StandardInput)
                throw CliException.Usage(
                    "--follow 不能用于标准输入", "--follow cannot take standard input; name a file", example);
            if (Directory.Exists(argument)) AddRing(argument, Directory.GetFiles(argument, "*.pcap*"));
            else if (IsPattern(argument)) AddRing(argument, Matches(argument));
            else
            {
                CaptureErrors.RequireFile(argument, example);
                if (IsStarted(argument)) single.Add(argument);
            }
        }
        taps.AddRange(CaptureSequence.Group(single).Select(
            files => new TapInput(Path.GetFileName(files[0]), files, [])));
        return taps;

        void AddRing(string name, IReadOnlyList<string> files)
        {
            if (InOrderOfWriting(files) is { Count: > 0 } ordered) taps.Add(new(name, ordered, []));
        }
    }

    private static List<string> InOrderOfWriting(IReadOnlyList<string> files)
    {
        try
        {
            return CaptureSequence.InOrder(files.Where(IsStarted));
        }
        catch (FileNotFoundException)
        {
            // The oldest segment went while it was looked at: this round is left out.
            return [];
        }
    }

    private static bool IsStarted(string file) => new FileInfo(file) is { Exists: true, Length: >= StartedLengthMin };

    /// <summary>The files that a pattern names now, by name. The folder part is taken as it stands.</summary>
    public static List<string> Matches(string pattern)
    {
        string folder = Path.GetDirectoryName(pattern) is { Length: > 0 } named ? named : ".";
        string name = Path.GetFileName(pattern);
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateFiles(folder)
            .Where(file => FileSystemName.MatchesSimpleExpression(name, Path.GetFileName(file), ignoreCase: false))
            .Select(file => folder == "." && Path.GetDirectoryName(pattern) is "" ? Path.GetFileName(file) : file)
            .Order(StringComparer.Ordinal)];
    }

    public static bool IsPattern(string argument) =>
        argument.AsSpan().IndexOfAny('*', '?') >= 0 && !File.Exists(argument);

    private List<string> Expand(string pattern)
    {
        List<string> files = Matches(pattern);
        return files.Count > 0 ? files
            : throw CliException.Usage($"{pattern}：没有匹配的文件", $"{pattern}: no file matches", example);
    }

    private static List<string> InOrder(List<string> files) =>
        files.Count == 1 ? files : CaptureSequence.InOrder(files);

    private string SpoolInput(CancellationToken cancellation)
    {
        if (_hasReadInput)
            throw CliException.Usage("标准输入（-）只能给出一次", "standard input (-) can be given once only", example);
        _hasReadInput = true;
        using Stream input = Console.OpenStandardInput();
        return Spool(input, "stdin", cancellation);
    }

    // Analysis may read a capture twice, so what comes through a pipe is kept until the command ends.
    private string Spool(Stream input, string name, CancellationToken cancellation)
    {
        _spool ??= Directory.CreateTempSubdirectory("testbed-pipes-");
        string path = Path.Combine(_spool.FullName, name);
        byte[] buffer = new byte[1 << 16];
        using FileStream file = File.Create(path);
        for (int read; (read = input.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            file.Write(buffer, 0, read);
        }
        return path;
    }

    public void Dispose() => _spool?.Delete(recursive: true);

    // As our own recorder and as dumpcap number the segments of one capture.
    [GeneratedRegex(@"[-_][0-9]{4,}(_[0-9]{14})?\.pcap(ng)?(\.gz|\.zst)?$")]
    private static partial Regex SegmentNumber();
}
