using System.Globalization;
using System.Text;
using Testbed.Server.Planning;

namespace Testbed.Cli.Output;

/// <summary>Prints what a plan will send, phase by phase, and what it leaves out and why.</summary>
internal static class TrafficTable
{
    private const int TargetWidth = 44;
    private static readonly int[] Widths = [22, 9, TargetWidth, 11, 12, 11];

    public static void Print(Session session, RunPlan plan)
    {
        string size = plan.Size is PlanSize.Quick ? "quick" : "full";
        session.Out.WriteLine(session.Say($"计划的流量（上限），{size} 计划，约 {plan.Seconds} 秒",
            $"planned traffic (at most), {size} plan, about {plan.Seconds} s"));
        session.Out.WriteLine(Line(
            session.Say("任务", "task"), session.Say("套件", "kit"), session.Say("目标", "target"),
            session.Say("速率", "rate"), session.Say("字节", "bytes"), session.Say("时长", "duration")));
        foreach (PlanTask capture in plan.Captures) Print(session, capture);
        foreach (PlanPhase phase in plan.Phases)
        {
            session.Out.WriteLine($"{session.Say(phase.Title)}{Overload(session, phase)}");
            foreach (PlanTask task in phase.Tasks) Print(session, task);
            foreach (PlanPhase attempt in phase.Retest?.Attempts ?? [])
                session.Out.WriteLine(session.Say($"  必要时重测：{attempt.Name}，{attempt.Seconds} 秒",
                    $"  again where needed: {attempt.Name}, {attempt.Seconds} s"));
        }
        long bytes = plan.Tasks.Sum(task => PlannedTraffic.Of(task).Bytes ?? 0);
        session.Out.WriteLine(session.Say($"合计至多 {Bytes(bytes)}", $"{Bytes(bytes)} at most in all"));
        foreach (PlanOmission omission in plan.Omissions)
            session.Out.WriteLine(session.Say(
                $"不执行 {omission.What}（{string.Join(", ", omission.Requirements)}）：{omission.Reason.Zh}",
                $"not done, {omission.What} ({string.Join(", ", omission.Requirements)}): {omission.Reason.En}"));
    }

    private static void Print(Session session, PlanTask task)
    {
        PlannedTraffic traffic = PlannedTraffic.Of(task);
        string rate = traffic switch
        {
            { Mbps: { } mbps and >= 1 } => $"{Text(mbps)} Mbit/s",
            { Mbps: { } mbps } => $"{Text(mbps * 1000)} kbit/s",
            _ => "-",
        };
        string bytes = traffic.Bytes is { } count ? Bytes(count) : "-";
        string duration = task.Seconds > 0 ? $"{task.Seconds} s" : session.Say("直到停止", "until stopped");
        List<string> target = Wrap(session.Say(traffic.Target));
        session.Out.WriteLine(Line("  " + task.Id, task.Kit, target[0], rate, bytes, duration));
        foreach (string more in target.Skip(1)) session.Out.WriteLine(Line("", "", more, "", "", "").TrimEnd());
    }

    private static string Overload(Session session, PlanPhase phase) => phase.IsOverload
        ? session.Say("（有意加压）", " (pushes the network on purpose)") : "";

    private static string Bytes(long bytes) => bytes switch
    {
        >= 10_000_000 => $"{Text(bytes / 1_000_000m)} MB",
        >= 10_000 => $"{Text(bytes / 1_000m)} kB",
        _ => $"{bytes} B",
    };

    private static string Text(decimal value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    // At commas and spaces: addresses and ports stay whole.
    private static List<string> Wrap(string text)
    {
        List<string> lines = [];
        StringBuilder line = new();
        foreach (string word in text.Replace(",", ", ").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && Columns($"{line} {word}") > TargetWidth)
            {
                lines.Add(line.ToString());
                line.Clear();
            }
            if (line.Length > 0) line.Append(' ');
            line.Append(word);
        }
        lines.Add(line.ToString());
        return lines;
    }

    private static string Line(params ReadOnlySpan<string> cells)
    {
        StringBuilder line = new();
        for (int i = 0; i < cells.Length; i++)
        {
            if (i > 0) line.Append(' ');
            line.Append(cells[i]).Append(' ', Math.Max(0, Widths[i] - Columns(cells[i])));
        }
        return line.ToString().TrimEnd();
    }

    // Chinese takes two columns; these texts hold nothing else that does.
    private static int Columns(string text) => text.Sum(letter => letter >= 0x2E80 ? 2 : 1);
}
