using System.CommandLine;
using Testbed.Cli;
using Testbed.Cli.Commands;
using Testbed.Cli.Output;

// `testbed analyze` and nothing else, for a build as machine code: it starts at once.
RootCommand root = new("analyzer of 5G user-plane captures · 5G用户面采集文件分析")
{
    SharedOptions.Language, SharedOptions.Quiet, AnalyzeCommand.Build(),
};
return args is ["--version"] ? ProductVersion.Print(Console.Out) : await Invocation.RunAsync(root, args);
