using BenchmarkDotNet.Running;

// Micro benchmarks with allocated bytes; absolute times hold only against others of the same run.
BenchmarkSwitcher.FromAssembly(typeof(Testbed.Benchmarks.Decoding.GtpUBenchmarks).Assembly).Run(args);
