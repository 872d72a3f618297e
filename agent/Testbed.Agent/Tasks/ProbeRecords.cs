using Testbed.Agent.Spool;
using Testbed.Evidence.Files;

namespace Testbed.Agent.Tasks;

/// <summary>The record files of one probe: written into the spool, closed and made durable at its end.</summary>
internal sealed class ProbeRecords(string folder, string taskId)
{
    private const int RecordsMax = 256;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DurableStream> _open = [];

    public Stream Create(string name)
    {
        if (!SafeName.IsSafe(name))
            throw new ArgumentException($"'{name}' is no plain ASCII file name.", nameof(name));
        lock (_gate)
        {
            if (_open.Count == RecordsMax) throw new InvalidOperationException($"More than {RecordsMax} records.");
            DurableStream stream = new(DurableFile.Create(Path.Combine(folder, name)));
            _open.Add(name, stream);
            return stream;
        }
    }

    public string RunName(string name) => $"records/{taskId}/{name}";

    /// <summary>Evidence references of a probe name its record; in a run folder the record has a longer name.</summary>
    public string Locate(string reference)
    {
        lock (_gate)
        {
            foreach (string name in _open.Keys)
                if (reference.StartsWith(name, StringComparison.Ordinal)
                    && (reference.Length == name.Length || reference[name.Length] is '#' or ':' or ' '))
                    return RunName(name) + reference[name.Length..];
            return reference;
        }
    }

    /// <summary>All that was written, on the disc, in the order of names.</summary>
    public IReadOnlyList<SpooledFile> Close()
    {
        lock (_gate)
        {
            List<SpooledFile> files = [];
            foreach ((string name, DurableStream stream) in _open.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                stream.Dispose();
                files.Add(new(Path.Combine(folder, name), RunName(name)));
            }
            return files;
        }
    }
}
