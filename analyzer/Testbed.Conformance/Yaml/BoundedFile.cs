namespace Testbed.Conformance.Yaml;

internal static class BoundedFile
{
    /// <summary>
    /// At most one byte more than is allowed, whatever the path leads to; null with the reason in the errors.
    /// </summary>
    public static byte[]? Read(string path, ErrorList errors)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] bytes = new byte[YamlFile.BytesMax + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return bytes[..length];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            LocalText got = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => new("文件不存在", "no such file"),
                UnauthorizedAccessException when Directory.Exists(path) => new("目录", "a directory"),
                UnauthorizedAccessException => new("无权读取", "no permission to read it"),
                _ => new($"读取失败：{e.Message}", $"a read error: {e.Message}"),
            };
            errors.Add(0, 0, "", new("可读的文件", "a readable file"), got, "");
            return null;
        }
    }
}
