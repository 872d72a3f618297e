using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Testbed.Conformance.Yaml;

namespace Testbed.Conformance.Claims;

/// <summary>The kinds of value in a claim file.</summary>
internal static partial class ClaimKinds
{
    public static ScalarKind<string> Text(string example, int lengthMax = 200) => new(
        new($"1–{lengthMax} 个字符的文本", $"text of 1 to {lengthMax} characters"), example, "",
        (string text, out string value) =>
        {
            value = text.Trim();
            return value.Length > 0 && value.Length <= lengthMax && !value.Any(char.IsControl);
        });

    public static ScalarKind<string> Name(string example) => Pattern(
        NamePattern(), new("由字母、数字、连字符、点和下划线组成的名称", "a name of letters, digits, hyphens, dots, underscores"), example);

    public static ScalarKind<string> OneOf(params string[] words) => new(
        new($"以下之一：{string.Join("、", words)}", $"one of {string.Join(", ", words)}"), words[0], words[0],
        (string text, out string value) =>
        {
            value = text;
            return words.Contains(text, StringComparer.Ordinal);
        });

    public static ScalarKind<string> Pattern(Regex pattern, LocalText expected, string example, bool secret = false) =>
        new(expected, example, "", (string text, out string value) =>
        {
            value = text;
            return pattern.IsMatch(text);
        }, secret);

    /// <param name="unit">As people write it, e.g. <c>Mbit/s</c>; empty for a ratio.</param>
    public static ScalarKind<decimal> Figure(string unit, string example, decimal above, decimal atMost)
    {
        string zhUnit = unit.Length == 0 ? "" : $"（单位 {unit}，不写单位）";
        string enUnit = unit.Length == 0 ? "" : $" in {unit}, written without the unit";
        return new(
            new($"大于 {above} 且不超过 {atMost} 的十进制数{zhUnit}",
                $"a decimal number above {above} and at most {atMost}{enUnit}"),
            $"\"{example}\"", 1m,
            (string text, out decimal value) =>
                TryDecimal(text, out value) && value > above && value <= atMost);
    }

    /// <remarks>1 is refused: no number of samples shows it.</remarks>
    public static ScalarKind<decimal> Ratio(string example) => new(
        new("大于 0 且小于 1 的比例（不用百分号）", "a ratio above 0 and below 1, not a percentage"),
        $"\"{example}\"", 0.5m,
        (string text, out decimal value) => TryDecimal(text, out value) && value is > 0 and < 1);

    public static ScalarKind<int> Integer(int min, int max, string example, string what = "") => new(
        new($"{what}{min}–{max} 之间的整数", $"a whole number from {min} to {max}"), example, min,
        (string text, out int value) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value >= min && value <= max);

    public static readonly ScalarKind<bool> Flag = new(
        new("true 或 false", "true or false"), "true", false,
        (string text, out bool value) => { value = text == "true"; return text is "true" or "false"; });

    public static readonly ScalarKind<IPAddress> Address = new(
        new("单个 IPv4 或 IPv6 单播地址", "one IPv4 or IPv6 unicast address"), "10.100.3.1", IPAddress.None, TryAddress);

    public static readonly ScalarKind<Uri> Https = new(
        new("以 https:// 或 http:// 开头的完整地址", "an absolute address that begins with https:// or http://"),
        "\"https://10.100.5.10:8444\"", new Uri("https://invalid/"),
        (string text, out Uri value) =>
        {
            bool ok = Uri.TryCreate(text, UriKind.Absolute, out Uri? read)
                && read.Scheme is "https" or "http" && read.Host.Length > 0 && read.UserInfo.Length == 0;
            value = ok ? read! : new("https://invalid/");
            return ok;
        });

    /// <summary>Secrets stay out of the file: it is copied into every report.</summary>
    public static ScalarKind<string> Secret(string example) => Pattern(
        SecretPattern(), new("环境变量引用 env:名称（口令不写入文件）", "env:NAME, the variable that holds the secret"),
        example, secret: true);

    public static readonly ScalarKind<string> Plmn = Pattern(
        PlmnPattern(), new("五或六位数字的 PLMN（加引号）", "a PLMN of five or six digits, quoted"), "\"00101\"");

    public static readonly ScalarKind<string> Dnn = Pattern(
        DnnPattern(), new("DNN（字母、数字、连字符和点，不超过 100 个字符）", "a DNN of letters, digits, hyphens and dots, up to 100"),
        "internet");

    /// <remarks>Linux: IFNAMSIZ is 16 with the closing zero.</remarks>
    public static readonly ScalarKind<string> Interface = Pattern(
        InterfacePattern(), new("网卡名（不超过 15 个字符）", "an interface name of at most 15 characters"), "eth1");

    public static readonly ScalarKind<string> Port = new(
        new("端口/协议，协议为 sctp、udp 或 tcp", "port/protocol with sctp, udp or tcp"), "38412/sctp", "",
        (string text, out string value) =>
        {
            value = text;
            string[] parts = text.Split('/');
            return parts is [var port, "sctp" or "udp" or "tcp"]
                && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && number is >= 1 and <= 65535;
        });

    public static bool TryAddress(string text, out IPAddress value)
    {
        value = IPAddress.None;
        if (!IPAddress.TryParse(text, out IPAddress? read) || text.Contains('%')) return false;
        bool v4 = read.AddressFamily is AddressFamily.InterNetwork;
        // The parser also takes "1", "0x7f.1" and "010.0.0.1", which people do not read as it does.
        if (v4 && read.ToString() != text) return false;
        if (read.Equals(IPAddress.Any) || read.Equals(IPAddress.IPv6Any) || read.IsIPv6Multicast) return false;
        if (v4 && read.GetAddressBytes()[0] >= 224) return false;
        value = read;
        return true;
    }

    private static bool TryDecimal(string text, out decimal value)
    {
        value = 0;
        return DecimalPattern().IsMatch(text)
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
    }

    [GeneratedRegex(@"\A[0-9]{1,12}(\.[0-9]{1,12})?\z")]
    private static partial Regex DecimalPattern();
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,62}\z")]
    private static partial Regex NamePattern();
    [GeneratedRegex(@"\Aenv:[A-Za-z_][A-Za-z0-9_]{0,63}\z")]
    private static partial Regex SecretPattern();
    [GeneratedRegex(@"\A[0-9]{5,6}\z")]
    private static partial Regex PlmnPattern();
    [GeneratedRegex(@"\A(?=.{1,100}\z)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
        + @"(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*\z")]
    private static partial Regex DnnPattern();
    [GeneratedRegex(@"\A[^\s/:.][^\s/:]{0,14}\z")]
    private static partial Regex InterfacePattern();
}
