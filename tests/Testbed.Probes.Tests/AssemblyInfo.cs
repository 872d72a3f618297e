// Most tests wait for time-outs of the network rather than for the processor.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(4)]
