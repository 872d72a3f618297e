using Testbed.Lab;
using Testbed.Lab.Hosting;

try
{
    return args switch
    {
        ["host", .. string[] rest] => await HostCommand.RunAsync(rest),
        ["inside", .. string[] rest] => await InsideCommand.RunAsync(rest),
        ["faults", .. string[] rest] => FaultsCommand.Run(rest, Console.Out),
        [] or ["--help" or "-h" or "help", ..] => Help(),
        _ => throw new LabException($"unknown command '{args[0]}'; {HostOptions.Usage}", ExitCodes.Usage),
    };
}
catch (LabException exception)
{
    await Console.Error.WriteLineAsync("lab: " + exception.Message);
    return exception.ExitCode;
}

static int Help()
{
    Console.WriteLine(HostOptions.Usage);
    return 0;
}
