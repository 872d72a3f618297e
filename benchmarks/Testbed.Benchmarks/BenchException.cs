namespace Testbed.Benchmarks;

/// <summary>A benchmark that cannot go on, with what to do about it; printed without a stack trace.</summary>
internal sealed class BenchException(string message) : Exception(message);
