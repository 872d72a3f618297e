using System.Globalization;

namespace Testbed.Lab.Hosting;

/// <summary>The arguments of <c>Testbed.Lab host</c>, checked.</summary>
internal sealed record HostOptions
{
    public const string Usage =
        """
        usage: Testbed.Lab host --claim-out FILE [--fault NAME]... [--ues N] [--slices 2] [--seed N] [--ledger FILE]
                                [--insider FOLDER] [--kit-command "COMMAND with {kit}"] -- MAIN COMMAND...
               Testbed.Lab faults [--json]

          --claim-out FILE    where the claim (lab.yaml) that describes this lab is written
          --fault NAME        a way to fall short or to cheat; may be given several times
          --ues N             concurrent sessions that the claim promises for massive connection (1-10000, 400)
          --slices N          slices in the claim; this lab has 2
          --seed N            seed of TEIDs, losses and delays (1)
          --ledger FILE       what truly happened and what clients hold, written at the end and on SIGUSR1
          --insider FOLDER    where an insider of the fault reflector-at-gnb finds the run's plan.json
                              (by default the ledger's folder)
          --kit-command TEXT  run by sh once for each kit inside its namespace; {kit} becomes the kit's name
        The main command runs in the lab's base namespace; its exit code is the lab's.
        """;

    /// <summary>Path of the claim to write.</summary>
    public required string ClaimPath { get; init; }
    public required IReadOnlyList<string> MainCommand { get; init; }
    public IReadOnlyList<string> Faults { get; init; } = [];
    /// <summary>Concurrent IoT sessions that the claim promises.</summary>
    public int ConcurrentSessions { get; init; } = 400;
    public int Seed { get; init; } = 1;
    public string? LedgerPath { get; init; }
    /// <summary>Folder with the run's plan; by default the ledger's, as a run and its ledger share one.</summary>
    public string? InsiderFolder { get; init; }
    public string? KitCommand { get; init; }

    /// <summary>Reads the arguments, or says which one is wrong (exit code 2).</summary>
    public static HostOptions Parse(IReadOnlyList<string> arguments)
    {
        int end = arguments.TakeWhile(argument => argument != "--").Count();
        HostOptions options = new() { ClaimPath = "", MainCommand = [.. arguments.Skip(end + 1)] };
        for (int i = 0; i < end; i += 2)
        {
            string name = arguments[i];
            string value = i + 1 < end ? arguments[i + 1] : throw Wrong($"{name} needs a value");
            options = options.With(name, value);
        }
        if (options.ClaimPath.Length == 0) throw Wrong("--claim-out is missing, for example: --claim-out out/lab.yaml");
        if (options.MainCommand.Count == 0) throw Wrong("the main command is missing, for example: -- bash");
        return options;
    }

    private HostOptions With(string name, string value) => name switch
    {
        "--claim-out" => this with { ClaimPath = Path.GetFullPath(value) },
        "--fault" => this with { Faults = [.. Faults, value] },
        "--ues" => this with { ConcurrentSessions = Number(name, value, 1, 10_000) },
        "--slices" => Number(name, value, 2, 2) == 2 ? this : throw Wrong(name),
        "--seed" => this with { Seed = Number(name, value, 0, int.MaxValue) },
        "--ledger" => this with
        {
            LedgerPath = Path.GetFullPath(value),
            InsiderFolder = InsiderFolder ?? Path.GetDirectoryName(Path.GetFullPath(value)),
        },
        "--insider" => this with { InsiderFolder = Path.GetFullPath(value) },
        "--kit-command" => this with { KitCommand = value },
        _ => throw Wrong($"unknown option '{name}'"),
    };

    private static int Number(string name, string value, int min, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= min && number <= max
            ? number
            : throw Wrong(min == max
                ? $"{name} '{value}': this lab has {min}"
                : $"{name} '{value}': expected a whole number from {min} to {max}");

    private static LabException Wrong(string what) => new($"{what}\n{Usage}", ExitCodes.Usage);
}
