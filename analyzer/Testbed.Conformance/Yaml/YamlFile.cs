using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Testbed.Conformance.Yaml;

/// <summary>
/// Bytes of a file to a tree of nodes with their places. Bounded in size, depth and nodes; aliases, anchors and tags
/// are refused: a claim must read the same to the eye as to the program.
/// </summary>
internal static class YamlFile
{
    public const int BytesMax = 1 << 20;
    private const int DepthMax = 16;
    private const int NodesMax = 100_000;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Null when it is no text at all; the error says why.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes, ErrorList errors)
    {
        if (bytes.Length > BytesMax)
        {
            errors.Add(0, 0, "", new("不超过 1 MiB 的文件", "a file of at most 1 MiB"),
                new($"{bytes.Length} 字节以上", $"{bytes.Length} bytes or more"), "");
            return null;
        }
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        try
        {
            string text = Utf8.GetString(bytes);
            if (!text.Contains('\0')) return text;
        }
        catch (DecoderFallbackException)
        {
            // Said below: for the author it is the same fault.
        }
        errors.Add(0, 0, "", new("UTF-8 编码的文本文件", "a text file in UTF-8"),
            new("二进制内容或其他编码", "binary content or another encoding"), "");
        return null;
    }

    /// <summary>Null when the text is no YAML or holds no mapping; the error says where.</summary>
    public static MappingNode? Parse(string text, string example, ErrorList errors)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            var builder = new Builder(parser, errors);
            YamlNode? root = builder.Document();
            if (root is MappingNode mapping) return mapping;
            if (builder.Refused) return null;
            errors.Add(root?.Line ?? 1, root?.Column ?? 1, "", new("键值映射", "a mapping of keys to values"),
                root?.Describe() ?? new("空文件", "an empty file"), example);
        }
        catch (YamlException e)
        {
            SyntaxError(text, e.Start, e.Message, example, errors);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // YamlDotNet 18.1's scanner throws these, not YamlException, on some broken plain scalars.
            SyntaxError(text, parser.Current?.End ?? Mark.Empty, "text that does not parse", example, errors);
        }
        return null;
    }

    /// <summary>The library blames the mapping around a tab; the author needs the line with the tab.</summary>
    private static void SyntaxError(string text, Mark at, string message, string example, ErrorList errors)
    {
        var expected = new LocalText("合法的 YAML", "YAML");
        string[] lines = text.Split('\n');
        for (int i = Math.Max(0, (int)at.Line - 1); i < lines.Length; i++)
        {
            int indent = lines[i].Length - lines[i].TrimStart(' ').Length;
            if (indent >= lines[i].Length || lines[i][indent] != '\t') continue;
            errors.Add(i + 1, indent + 1, "", expected,
                new("用制表符缩进（YAML 只允许空格）", "a tab as indentation (YAML allows spaces only)"), example);
            return;
        }
        errors.Add((int)at.Line, (int)at.Column, "", expected,
            new($"语法错误：{message}", $"a syntax error: {message}"), example);
    }

    private sealed class Builder(Parser parser, ErrorList errors)
    {
        private int _nodes;

        public bool Refused { get; private set; }

        public YamlNode? Document()
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) return null;
            parser.Consume<DocumentStart>();
            YamlNode? root = Node(0);
            if (Refused) return null;
            parser.Consume<DocumentEnd>();
            if (parser.Accept<StreamEnd>(out _)) return root;
            return Refuse(parser.Current!, new("一个 YAML 文档", "one YAML document"), new("第二个文档", "a second document"));
        }

        private YamlNode? Node(int depth)
        {
            if (parser.Current is null && !parser.MoveNext()) return null;
            ParsingEvent e = parser.Current!;
            if (++_nodes > NodesMax)
                return Refuse(e, new($"不超过 {NodesMax} 个节点", $"at most {NodesMax} nodes"), new("更多", "more"));
            if (depth > DepthMax)
                return Refuse(e, new($"不超过 {DepthMax} 层嵌套", $"at most {DepthMax} levels"), new("更深", "more"));
            if (e is AnchorAlias || e is NodeEvent { Anchor.IsEmpty: false })
                return Refuse(e, new("直接写出的值", "the value itself"),
                    new("锚点或别名（不支持）", "an anchor or alias, which a claim may not use"));
            if (e is NodeEvent { Tag.IsEmpty: false })
                return Refuse(e, new("不带标签的值", "a value without a tag"), new("YAML 标签", "a YAML tag"));
            parser.MoveNext();
            return e switch
            {
                Scalar scalar => new ScalarNode(
                    Line(e), Column(e), scalar.Value, scalar.Style is ScalarStyle.Plain or ScalarStyle.Any),
                SequenceStart => Sequence(e, depth),
                MappingStart => Mapping(e, depth),
                _ => Refuse(e, new("值", "a value"), new(e.GetType().Name, e.GetType().Name)),
            };
        }

        private SequenceNode? Sequence(ParsingEvent start, int depth)
        {
            var items = new List<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                if (Node(depth + 1) is not { } item) return null;
                items.Add(item);
            }
            return new(Line(start), Column(start), items);
        }

        private MappingNode? Mapping(ParsingEvent start, int depth)
        {
            var entries = new List<KeyValuePair<ScalarNode, YamlNode>>();
            var seen = new Dictionary<string, ScalarNode>(StringComparer.Ordinal);
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (Node(depth + 1) is not { } key || Node(depth + 1) is not { } value) return null;
                if (key is not ScalarNode name)
                    errors.Add(key, "", new("文本键名", "a key that is text"), key.Describe(), "");
                else if (seen.TryAdd(name.Text, name))
                    entries.Add(new(name, value));
                else
                    errors.Add(key, name.Text,
                        new($"只出现一次的键（已在第 {seen[name.Text].Line} 行）",
                            $"a key given once (it is on line {seen[name.Text].Line})"),
                        new("重复的键", "it again"), "");
            }
            return new(Line(start), Column(start), entries);
        }

        private YamlNode? Refuse(ParsingEvent e, LocalText expected, LocalText got)
        {
            if (!Refused) errors.Add(Line(e), Column(e), "", expected, got, "");
            Refused = true;
            return null;
        }

        private static int Line(ParsingEvent e) => (int)e.Start.Line;
        private static int Column(ParsingEvent e) => (int)e.Start.Column;
    }
}
