using System.CommandLine;
using System.CommandLine.Invocation;
using Testbed.Benchmarks;
using Testbed.Benchmarks.Commands;

const int Usage = 2, CannotRun = 4;
RootCommand root = new("measures this product against its peers and against itself")
{
    GenerateCommand.Build(), LadderCommand.Build(), ScalingCommand.Build(), CaptureCommand.Build(),
    MicroCommand.Build(), NaiveCommand.Build(),
};
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && parsed.Action is null or ParseErrorAction)
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine($"bench: {error.Message}");
    return Usage;
}
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception failure) when (failure is BenchException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"bench: {failure.Message}");
    return CannotRun;
}
