using Testbed.Cli;

// The version is answered before anything else is loaded, so that scripts may ask it often.
return args is ["--version"] ? ProductVersion.Print(Console.Out) : await CommandLine.RunAsync(args);
