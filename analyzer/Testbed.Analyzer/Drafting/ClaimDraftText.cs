using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Testbed.Analyzer.Drafting;

/// <summary>
/// Writes a draft as a claim file. Everything that captures suggested is marked as a guess, with where it comes from;
/// what they did not show stands as an empty value, which <c>testbed claim lint</c> refuses by name.
/// </summary>
public static partial class ClaimDraftText
{
    /// <summary>Marks a line whose value came out of captures.</summary>
    public const string GuessMark = "# 猜测 GUESS";
    /// <summary>Marks a line whose value is left to the author; each is one complaint of the linter.</summary>
    public const string FillMark = "# 待填 FILL IN";

    public static string Write(ClaimDraft draft)
    {
        StringBuilder text = new();
        Head(text);
        Network(text, draft);
        Slices(text, draft);
        Taps(text, draft);
        Tail(text, draft);
        return text.ToString();
    }

    private static void Head(StringBuilder text) => text.Append($"""
        # 由采集文件推测的声明草稿，请逐行核对。标“猜测”的值来自采集（括号内为来源），标“待填”的值采集中没有，
        # testbed claim lint 会逐一指出。
        # A draft made from captures; check every line. GUESS: seen in captures, with the source in brackets.
        # FILL IN: not seen; testbed claim lint names each of them.
        schema: testbed.claim/1

        applicant:
          name: ""  {FillMark}
        # self-check 自测；site-visit 现场考察。
        purpose: self-check
        profile: miit-2022-220@1
        site:
          name: ""  {FillMark}
          areaKm2: ""  {FillMark}：平方千米 km²


        """);

    private static void Network(StringBuilder text, ClaimDraft draft)
    {
        text.Append("network:\n");
        text.Append(draft.Plmn is { } plmn ? Guess($"  plmn: \"{plmn}\"", "ngap") : Fill("  plmn: \"\""));
        text.Append("  gnbs:\n");
        foreach (DraftGnb gnb in draft.Gnbs) Node(text, gnb.Name, gnb.Source, gnb.N3, "n2", gnb.N2);
        if (draft.Gnbs.Count == 0) NoNode(text, "gnb1");
        text.Append("  upfs:\n");
        foreach (DraftUpf upf in draft.Upfs) Node(text, upf.Name, upf.Source, upf.N3, "n4", upf.N4);
        if (draft.Upfs.Count == 0) NoNode(text, "upf1");
        if (draft.Core.Count > 0)
        {
            text.Append("  # 终端不得访问的核心网地址与端口。 What a UE must not reach.\n  core:\n");
            text.Append(Guess($"    addresses: [{string.Join(", ", draft.Core)}]", "n4, n2"));
            text.Append(Guess($"    ports: [{string.Join(", ", draft.CorePorts)}]", "n4, n2"));
        }
        if (draft.HasNat is { } nat) text.Append(Guess($"  nat: {(nat ? "source" : "none")}", "n3 × n6"));
        text.Append('\n');
    }

    private static void Node(
        StringBuilder text, string name, string source, IReadOnlyList<string> n3, string point,
        IReadOnlyList<string> addresses)
    {
        text.Append(Guess($"    - name: {name}", source));
        text.Append(Guess($"      n3: [{string.Join(", ", n3)}]", source));
        if (addresses.Count > 0) text.Append(Guess($"      {point}: [{string.Join(", ", addresses)}]", source));
    }

    private static void NoNode(StringBuilder text, string name)
    {
        text.Append(CultureInfo.InvariantCulture, $"    - name: {name}\n");
        text.Append(Fill("      n3: [\"\"]"));
    }

    private static void Slices(StringBuilder text, ClaimDraft draft)
    {
        text.Append("slices:\n");
        foreach (DraftSlice slice in draft.Slices) Slice(text, slice);
        if (draft.Slices.Count == 0)
            Slice(text, new("slice1", "", null, null, null, [], draft.Upfs.Count > 0 ? null : "upf1", []));
        text.Append('\n');
    }

    private static void Slice(StringBuilder text, DraftSlice slice)
    {
        text.Append(slice.Source.Length > 0
            ? Guess($"  - name: {slice.Name}", slice.Source) : $"  - name: {slice.Name}\n");
        text.Append(slice.Sst is { } sst ? Guess($"    sst: {sst}", slice.Source) : Fill("    sst: \"\""));
        if (slice.Sd is { } sd) text.Append(Guess($"    sd: \"{sd:x6}\"", slice.Source));
        string? dnn = slice.Dnn is { } seen && DnnPattern().IsMatch(seen) ? seen : null;
        text.Append(dnn is not null ? Guess($"    dnn: {dnn}", "pfcp") : Fill("    dnn: \"\""));
        foreach (string other in slice.OtherDnns.Where(other => DnnPattern().IsMatch(other)))
            text.Append(CultureInfo.InvariantCulture, $"    # 另见 DNN also seen: {other}\n");
        text.Append(slice.Pools.Count > 0
            ? Guess($"    uePools: [{string.Join(", ", slice.Pools)}]", "n3, n4") : Fill("    uePools: [\"\"]"));
        text.Append(slice.Upf is { } upf ? Guess($"    upf: {upf}", slice.Source) : Fill("    upf: \"\""));
        if (slice.Flows.Count == 0) return;
        text.Append("    flows:\n");
        foreach (DraftFlow flow in slice.Flows) Flow(text, flow);
    }

    private static void Flow(StringBuilder text, DraftFlow flow)
    {
        text.Append(Guess($"      - qfi: {flow.Qfi}", flow.FiveQi is null ? "n3, n4" : "ngap"));
        text.Append(flow.FiveQi is { } fiveQi ? Guess($"        fiveQi: {fiveQi}", "ngap")
            : Fill("        fiveQi: \"\""));
        if (flow.GfbrMbps is { } gfbr) text.Append(Guess(Rate("gfbrMbps", gfbr), "ngap"));
        if (flow.MfbrMbps is { } mfbr) text.Append(Guess(Rate("mfbrMbps", mfbr), "ngap"));
    }

    private static string Rate(string key, decimal mbps) =>
        string.Create(CultureInfo.InvariantCulture, $"        {key}: \"{mbps:0.######}\"");

    private static void Taps(StringBuilder text, ClaimDraft draft)
    {
        text.Append("# 采集点：哪个套件的哪块网卡。 Which kit's interface sees which point.\n");
        foreach (DraftTap tap in draft.Taps.Where(tap => tap.Point is null))
            text.Append(CultureInfo.InvariantCulture, $"# 未能识别 not recognised: {Printable(tap.File)}\n");
        if (!draft.Taps.Any(tap => tap.Point is not null))
        {
            text.Append("taps: []\n\n");
            return;
        }
        text.Append("taps:\n");
        foreach (DraftTap tap in draft.Taps.Where(tap => tap.Point is not null))
        {
            text.Append(Guess($"  - point: {tap.Point}", Printable(tap.File)));
            text.Append(Fill("    kit: \"\""));
            text.Append(tap.Interface is { } name
                ? Guess($"    interface: {name}", Printable(tap.File)) : Fill("    interface: \"\""));
        }
        text.Append('\n');
    }

    private static void Tail(StringBuilder text, ClaimDraft draft)
    {
        string slice = draft.Slices.Count > 0 ? draft.Slices[0].Name : "slice1";
        text.Append($"""
            # 端点：收发测试流量的主机，采集中看不出。 Endpoints: hosts of test traffic, which captures do not show.
            # endpoints:
            #   - role: ue
            #     kit: kit-ue
            #     slice: {slice}
            #     interface: wwan0
            #     address: 10.45.0.2

            # 典型场景至少两类，指标由申报方填写。 At least two types of scenario; the figures are the applicant's.
            scenarios:
              - type: large-bandwidth
                slice: {slice}
                dlMbps: ""  {FillMark}
                ulMbps: ""  {FillMark}
              - type: low-latency
                slice: {slice}
                to: dn
                rttMsP99: ""  {FillMark}

            # 未列出的一律不做。 What is not listed is not done: load, scan, spoof, malformed, n3-active, full-capture.
            consent: []

            """);
    }

    private static string Guess(string line, string source) => $"{line}  {GuessMark} ({source})\n";

    private static string Fill(string line) => $"{line}  {FillMark}\n";

    // File names come from the user, but nothing in them may end a comment.
    private static string Printable(string text) =>
        string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));

    /// <remarks>What a claim takes as DNN; a name from the network may hold anything.</remarks>
    [GeneratedRegex(@"\A(?=.{1,100}\z)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
        + @"(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\z")]
    private static partial Regex DnnPattern();
}
