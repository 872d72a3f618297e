using System.Text;
using System.Text.Json;
using Testbed.Lab.Faults;

namespace Testbed.Lab.Hosting;

/// <summary><c>Testbed.Lab faults</c>: what each fault does and which requirements it turns.</summary>
internal static class FaultsCommand
{
    public static int Run(IReadOnlyList<string> arguments, TextWriter output)
    {
        switch (arguments)
        {
            case []: WriteTable(output); return 0;
            case ["--json"]: output.WriteLine(Json()); return 0;
            default: throw new LabException("usage: Testbed.Lab faults [--json]", ExitCodes.Usage);
        }
    }

    private static void WriteTable(TextWriter output)
    {
        int width = FaultCatalogue.All.Select(fault => fault.Name.Length).DefaultIfEmpty(0).Max();
        foreach (IFault fault in FaultCatalogue.All)
        {
            string breaks = string.Join(" ", fault.Breaks.Select(entry => $"{entry.Key}={entry.Value}"));
            output.WriteLine($"{fault.Name.PadRight(width)}  {fault.Description.Zh} · {fault.Description.En}");
            output.WriteLine($"{new string(' ', width)}  → {breaks}");
        }
    }

    private static string Json()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new() { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (IFault fault in FaultCatalogue.All)
            {
                writer.WriteStartObject();
                writer.WriteString("name", fault.Name);
                writer.WriteStartObject("description");
                writer.WriteString("zh", fault.Description.Zh);
                writer.WriteString("en", fault.Description.En);
                writer.WriteEndObject();
                writer.WriteStartObject("breaks");
                foreach ((string id, string verdict) in fault.Breaks) writer.WriteString(id, verdict);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
