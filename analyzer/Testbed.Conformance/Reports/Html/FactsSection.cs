namespace Testbed.Conformance.Reports.Html;

/// <summary>What was claimed, with which plan and tool it was checked, how it was judged, what remains open.</summary>
internal static class FactsSection
{
    public static void Write(HtmlWriter html, RunReport report)
    {
        Claim(html, report.Claim);
        Run(html, report);
        html.Add($"""
            <section><h2>{new LocalText("判定规则", "Decision rule")}</h2>
            <p>{DecisionRule}</p></section>
            <section><h2>{new LocalText("残余风险", "Residual risk")}</h2>
            <p class="risk">{report.ResidualRisk}</p></section>

            """);
    }

    private static LocalText DecisionRule { get; } = new(
        "测得值的整个区间，连同扩展不确定度 U（k = 2），都在限值以内，判为“符合”；都在限值以外，判为“不符合”；其余判为“证据不足”。"
        + "采集丢失的报文足以改变判定的，判为“证据无效”。样本数低于要求时，判为“证据不足”。"
        + "依据 ISO/IEC 17025 §7.8.6 与 ILAC-G8（保护带 w = U）。",
        "Pass: the whole interval of the figure, widened by the expanded uncertainty U (k = 2), lies within the limit. "
        + "Fail: all of it lies beyond. Otherwise: Inconclusive. Where lost capture could turn the verdict round: "
        + "Invalid. Fewer samples than are needed: Inconclusive. After ISO/IEC 17025 §7.8.6 and ILAC-G8 (guard band "
        + "w = U).");

    private static void Claim(HtmlWriter html, ReportClaim claim)
    {
        html.Add($"""
            <section><h2>{new LocalText("申报内容", "What was claimed")}</h2><dl class="facts">
            <dt>{new LocalText("申报单位", "Applicant")}</dt><dd>{claim.Applicant}</dd>
            """);
        Fact(html, new("统一社会信用代码", "Credit code"), claim.CreditCode);
        Fact(html, new("联合体成员", "Members"), string.Join("、", claim.Members));
        Fact(html, new("省份", "Province"), claim.Province);
        Fact(html, new("行业", "Industries"), string.Join("、", claim.Industries));
        Fact(html, new("场地", "Site"), $"{claim.Site} ({FigureText.Number(claim.AreaKm2)} km²)");
        Fact(html, new("PLMN", "PLMN"), claim.Plmn);
        Fact(html, new("基站 N3 地址", "gNBs on N3"), string.Join("; ", claim.Gnbs));
        Fact(html, new("UPF N3 地址", "UPFs on N3"), string.Join("; ", claim.Upfs));
        Fact(html, new("N3 保护", "N3 protection"), claim.N3Protection);
        Fact(html, new("N6 地址转换", "Translation on N6"), claim.Nat);
        Fact(html, new("同意的操作", "Consent"), string.Join(", ", claim.Consent));
        html.Add($"</dl>\n");
        if (claim.Slices.Count > 0) Slices(html, claim.Slices);
        if (claim.Scenarios.Count > 0) Scenarios(html, claim.Scenarios);
        html.Add($"</section>\n");
    }

    private static void Slices(HtmlWriter html, IReadOnlyList<ClaimedSlice> slices) => HtmlTable.Write(html,
        new("切片", "Slices"), [("名称", "Name"), "S-NSSAI", "DNN", ("UE 地址池", "UE pools")],
        slices.Select(slice => new Cell[]
        {
            slice.Name, slice.Snssai, slice.Dnn, string.Join(", ", slice.UePools),
        }));

    private static void Scenarios(HtmlWriter html, IReadOnlyList<ClaimedScenario> scenarios) => HtmlTable.Write(html,
        new("申报的典型场景", "Claimed scenarios"),
        [("场景", "Scenario"), ("切片", "Slice"), ("对端", "Far end"), ("申报指标", "Claimed figures")],
        scenarios.Select(scenario => new Cell[]
        {
            ReportTexts.Scenario(scenario.Type), scenario.Slice, scenario.To, Figures(scenario),
        }));

    private static string Figures(ClaimedScenario scenario) => string.Join("; ", scenario.Figures
        .OrderBy(figure => figure.Key, StringComparer.Ordinal)
        .Select(figure => $"{figure.Key} = {FigureText.Number(figure.Value, 12)}"));

    private static void Run(HtmlWriter html, RunReport report)
    {
        html.Add($"<section><h2>{new LocalText("可追溯信息", "Traceability")}</h2><dl class=\"facts\">");
        Fact(html, new("计划", "Plan"), report.Run.Plan);
        Fact(html, new("工具", "Tool"), $"testbed {report.Run.Tool.Version} {report.Run.Tool.Commit}".TrimEnd());
        Digest(html, new("申报文件 SHA-256", "Claim SHA-256"), report.Claim.Digest);
        Digest(html, new("判定配置 SHA-256", "Profile SHA-256"), report.Profile.Digest);
        Digest(html, new("冻结计划 SHA-256", "Frozen plan SHA-256"), report.Run.PlanDigest);
        Digest(html, new("运行随机数", "Run nonce"), report.Run.Nonce);
        html.Add($"</dl></section>\n");
    }

    private static void Fact(HtmlWriter html, LocalText name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) html.Add($"<dt>{name}</dt><dd>{value}</dd>");
    }

    private static void Digest(HtmlWriter html, LocalText name, string value)
    {
        if (value.Length > 0) html.Add($"<dt>{name}</dt><dd class=\"mono\">{value}</dd>");
    }
}
