using Testbed.Wire;
using Testbed.Wire.Files;
using Testbed.Wire.Ip;
using Testbed.Wire.Link;
using Testbed.Wire.Packets;

namespace Testbed.Analyzer.Tests.Differential;

/// <summary>Writes frames of many captures, or mutants of them, into one, an interface a link type.</summary>
internal static class FrameBundle
{
    /// <param name="mutantsPerFile">0 copies all frames as they are.</param>
    public static string Write(string path, IEnumerable<string> files, int mutantsPerFile, int seed)
    {
        Random random = new(seed);
        using FileStream stream = File.Create(path);
        using PcapNgWriter writer = new(stream);
        Dictionary<LinkType, int> interfaces = [];
        long timeNs = 1_700_000_000_000_000_000;
        foreach (string file in files)
        {
            int count = 0;
            foreach ((LinkType linkType, byte[] bytes, int length) in Frames(file))
            {
                if (mutantsPerFile > 0 && count++ == mutantsPerFile) break;
                byte[] frame = mutantsPerFile > 0 ? Mutate(bytes, random) : bytes;
                if (!interfaces.TryGetValue(linkType, out int at))
                    interfaces[linkType] = at = writer.AddInterface(linkType.ToString(), linkType, 0);
                // Fragments of different captures must not meet.
                timeNs += 100_000_000_000;
                writer.WriteFrame(at, timeNs, Math.Max(length, frame.Length), frame);
            }
        }
        writer.Flush();
        return path;
    }

    private static IEnumerable<(LinkType, byte[], int)> Frames(string path)
    {
        CaptureFileSource source;
        try
        {
            source = CaptureFile.Open(path);
        }
        catch (CaptureFileException)
        {
            yield break;
        }
        using (source)
            while (TryNext(source, out LinkType linkType, out byte[] bytes, out int length))
                if (!IsFragment(linkType, bytes)) yield return (linkType, bytes, length);
    }

    private static bool TryNext(CaptureFileSource source, out LinkType linkType, out byte[] bytes, out int length)
    {
        (linkType, bytes, length) = (default, [], 0);
        if (!source.TryRead(out CapturedFrame frame)) return false;
        linkType = source.Interfaces[frame.Interface].LinkType;
        (bytes, length) = (frame.Bytes.ToArray(), frame.OriginalLength);
        return true;
    }

    // How fragments of unrelated frames would be put together is a matter of taste.
    private static bool IsFragment(LinkType linkType, byte[] frame) =>
        LinkFrame.Read(linkType, frame, out LinkFrame link) is DecodeStatus.Ok && link.IsIp
        && IpPacket.Read(link.Payload, out IpPacket packet) is DecodeStatus.Ok or DecodeStatus.LaterFragment
        && packet.IsFragment;

    private static byte[] Mutate(byte[] frame, Random random)
    {
        byte[] mutant = (byte[])frame.Clone();
        if (mutant.Length == 0) return mutant;
        // Mostly in the headers, where it matters.
        int reach = Math.Min(mutant.Length, random.Next(4) == 0 ? mutant.Length : 90);
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            int at = random.Next(reach);
            mutant[at] = random.Next(3) switch
            {
                0 => (byte)(mutant[at] ^ (1 << random.Next(8))),
                1 => random.Next(2) == 0 ? (byte)0 : byte.MaxValue,
                _ => (byte)random.Next(256),
            };
        }
        return mutant;
    }
}
