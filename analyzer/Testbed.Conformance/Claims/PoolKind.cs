using System.Globalization;
using System.Net;
using Testbed.Conformance.Yaml;

namespace Testbed.Conformance.Claims;

/// <summary>UE address pools: CIDR, no host bits, none inside another.</summary>
internal static class PoolKind
{
    private const string Example = "10.45.0.0/16";

    public static readonly ScalarKind<string> Text = new(
        new("CIDR 形式的地址池", "an address pool in CIDR form"), Example, "",
        (string text, out string value) =>
        {
            value = text;
            return TrySplit(text, out _, out _);
        });

    /// <summary>
    /// Null, with the error said, when bits beyond the prefix are set: the author meant one host or another pool.
    /// </summary>
    public static IPNetwork? Read(Located<string> text, ErrorList errors)
    {
        TrySplit(text.Value, out IPAddress address, out int length);
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] &= (byte)(0xFF00 >> Math.Clamp(length - 8 * i, 0, 8));
        var network = new IPAddress(bytes);
        if (network.Equals(address)) return new(address, length);
        errors.Add(text.Node, text.Path, new("前缀之外的主机位为零的地址池", "a pool with no bits set beyond its prefix"),
            YamlNode.Quote(text.Value), $"{network}/{length}");
        return null;
    }

    /// <summary>
    /// Blocks are nested or apart, so in order of address each can only lie inside its last encloser.
    /// </summary>
    public static void RefuseOverlaps(
        IEnumerable<(string Slice, IPNetwork Pool, Located<string> At)> pools, ErrorList errors)
    {
        var ordered = pools.Select(p => (p.Slice, p.Pool, p.At, Start: p.Pool.BaseAddress.GetAddressBytes()))
            .OrderBy(p => p.Start.Length)
            .ThenBy(p => p.Start, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
            .ThenBy(p => p.Pool.PrefixLength).ToList();
        int encloser = 0;
        for (int i = 1; i < ordered.Count; i++)
        {
            if (!ordered[encloser].Pool.Contains(ordered[i].Pool.BaseAddress))
            {
                encloser = i;
                continue;
            }
            var (first, second) = (ordered[encloser], ordered[i]);
            if (second.At.Node.Line < first.At.Node.Line) (first, second) = (second, first);
            errors.Add(second.At.Node, second.At.Path,
                new($"与切片 {first.Slice} 的地址池 {first.Pool}（第 {first.At.Node.Line} 行）不重叠的地址池",
                    $"a pool apart from {first.Pool} of slice {first.Slice} (line {first.At.Node.Line})"),
                new($"切片 {second.Slice} 的 {second.Pool}（第 {second.At.Node.Line} 行）",
                    $"{second.Pool} of slice {second.Slice} (line {second.At.Node.Line})"),
                "uePools: [10.46.0.0/16]");
        }
    }

    private static bool TrySplit(string text, out IPAddress address, out int length)
    {
        address = IPAddress.None;
        length = 0;
        int slash = text.IndexOf('/');
        if (slash < 0) return false;
        string head = text[..slash];
        if (head is not "0.0.0.0" and not "::" && !ClaimKinds.TryAddress(head, out address)) return false;
        if (head is "0.0.0.0" or "::") address = IPAddress.Parse(head);
        return int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length)
            && length <= 8 * address.GetAddressBytes().Length && length > 0;
    }
}
