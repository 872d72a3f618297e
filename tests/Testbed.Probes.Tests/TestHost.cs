using System.Collections.Concurrent;
using System.Text;

namespace Testbed.Probes.Tests;

/// <summary>A kit for probes under test: records stay in memory.</summary>
internal sealed class TestHost : IProbeHost
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, MemoryStream> _records = [];

    public string Kit => "test-kit";
    public TimeProvider Time => TimeProvider.System;
    public Task WhenReady => _ready.Task;

    public Stream CreateRecord(string name) => _records[name] = new();

    public void Progress(double share, string? figure = null) { }

    public void Ready() => _ready.TrySetResult();

    /// <summary>Rows of a record as cells, header first.</summary>
    public string[][] Rows(string name) =>
        [.. Encoding.UTF8.GetString(_records[name].ToArray()).TrimEnd('\n').Split('\n').Select(row => row.Split(','))];
}
