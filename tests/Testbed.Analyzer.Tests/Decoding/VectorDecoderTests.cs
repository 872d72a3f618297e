using System.Runtime.InteropServices;
using Testbed.Analyzer.Decoding;
using Testbed.Analyzer.Decoding.Frames;
using Testbed.Analyzer.Tests.Generated;
using Testbed.Analyzer.Tests.Support;
using Testbed.Wire.Files;
using Testbed.Wire.Packets;

namespace Testbed.Analyzer.Tests.Decoding;

/// <summary>The fast way of decoding gives what the plain one gives, byte for byte.</summary>
public sealed class VectorDecoderTests
{
    private static readonly TapRole[] Roles = [TapRole.N3, TapRole.N6, TapRole.Both];

    private static IEnumerable<string> Names() => SharedCaptures.Folder is null
        ? ["(none)"]
        : Directory.EnumerateFiles(SharedCaptures.Require(), "*.pcap*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(SharedCaptures.Require(), path)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Names))]
    public void Every_shared_capture_gives_the_same_records_either_way(string name)
    {
        string path = SharedCaptures.Path(name);
        try
        {
            CaptureFile.Open(path).Dispose();
        }
        catch (CaptureFileException)
        {
            return; // The reader refuses it: there is nothing to decode.
        }
        foreach (TapRole role in Roles) Compare(() => CaptureFile.Open(path), role);
    }

    [Test]
    public void Mutated_frames_give_the_same_records_either_way([Range(1, 20)] int seed)
    {
        Random random = new(seed);
        byte[] file = File(Mutants(random, 2_000));
        foreach (TapRole role in Roles) Compare(() => CaptureFile.Open(new MemoryStream(file)), role);
    }

    [Test]
    public void Snapped_and_padded_frames_give_the_same_records_either_way()
    {
        foreach (byte[] frame in CommonFrames.All)
        {
            byte[] padded = [.. frame, .. new byte[40]];
            List<(byte[], int)> frames = [.. Enumerable.Range(0, padded.Length + 1)
                .Select(length => (padded[..length], Math.Max(length, frame.Length)))];
            byte[] file = File(frames);
            foreach (TapRole role in Roles) Compare(() => CaptureFile.Open(new MemoryStream(file)), role);
        }
    }

    // Speed rests on it: where frames take the long way, no figure is wrong and nothing else would say so.
    [TestCase(0.0, 0)]
    [TestCase(1.0, 1)]
    public void Every_frame_of_a_plain_network_takes_the_short_way(double ipv6Share, double wideShare)
    {
        using GeneratedPair pair = new(GeneratedPair.Small with { Ipv6Share = ipv6Share });
        foreach ((string path, TapRole role) in ((string, TapRole)[])[(pair.N3, TapRole.N3), (pair.N6, TapRole.N6)])
        {
            using CaptureFileSource source = CaptureFile.Open(path);
            VectorDecoder decoder = new(new(role, DecoderSettings.Default), role);
            PacketRecord[] records = new PacketRecord[VectorDecoder.FramesMax];
            long frames = 0;
            for (int count; (count = decoder.Read(source, 0, records)) >= 0;) frames += count;
            Assert.That(frames, Is.GreaterThan(19_000));
            Assert.That((decoder.Common, decoder.Wide), Is.EqualTo((frames, (long)(frames * wideShare))), $"{role}");
        }
    }

    [Test]
    public void A_stream_of_known_flows_allocates_nothing()
    {
        byte[] file = File(Enumerable.Repeat(CommonFrames.All, 4_000).SelectMany(frames => frames)
            .Select(frame => (frame, frame.Length)));
        using CaptureFileSource source = CaptureFile.Open(new MemoryStream(file));
        VectorDecoder decoder = new(new(TapRole.N3, DecoderSettings.Default), TapRole.N3);
        PacketRecord[] records = new PacketRecord[VectorDecoder.FramesMax];
        for (int known = 0; known < 1_000;) known += decoder.Read(source, 0, records);
        long before = GC.GetAllocatedBytesForCurrentThread(), count = 0;
        for (int read; (read = decoder.Read(source, 0, records)) >= 0;) count += read;
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(count, Is.GreaterThan(10_000));
    }

    private static IEnumerable<(byte[] Frame, int Original)> Mutants(Random random, int count)
    {
        for (int i = 0; i < count; i++)
        {
            byte[] frame = [.. CommonFrames.All[random.Next(CommonFrames.All.Length)]];
            int original = frame.Length;
            if (random.Next(4) == 0) frame = frame[..random.Next(frame.Length + 1)];
            else if (random.Next(8) == 0) Array.Resize(ref frame, frame.Length + random.Next(1, 64));
            // Headers are where decisions fall: most mutations hit the first hundred bytes.
            for (int hits = random.Next(0, 4); hits > 0 && frame.Length > 0; hits--)
                frame[random.Next(Math.Min(frame.Length, 100))] = random.Next(3) switch
                {
                    0 => (byte)random.Next(256),
                    1 => (byte)(random.Next(2) * 255),
                    _ => (byte)(1 << random.Next(8)),
                };
            yield return (frame, Math.Max(original, frame.Length));
        }
    }

    private static byte[] File(IEnumerable<(byte[] Frame, int Original)> frames)
    {
        using MemoryStream stream = new();
        using (PcapNgWriter writer = new(stream, leaveOpen: true))
        {
            int at = writer.AddInterface("if0", LinkType.Ethernet);
            long ns = CaptureFolder.StartNs;
            foreach ((byte[] frame, int original) in frames) writer.WriteFrame(at, ns++, original, frame);
        }
        return stream.ToArray();
    }

    private static void Compare(Func<CaptureFileSource> open, TapRole role)
    {
        FrameDecoder plain = new(role, DecoderSettings.Default), fast = new(role, DecoderSettings.Default);
        List<PacketRecord> expected = [], got = [];
        using (CaptureFileSource source = open())
        {
            while (source.TryRead(out CapturedFrame frame))
            {
                PacketSlot slot = new(
                    0, frame.Bytes.Length, frame.OriginalLength, frame.TimestampNs, frame.Interface, source.FrameCount);
                if (plain.Decode(frame.Bytes, slot, source.Interfaces[frame.Interface].LinkType, 3, out var record))
                    expected.Add(record);
            }
        }
        using (CaptureFileSource source = open())
        {
            VectorDecoder vectors = new(fast, role);
            PacketRecord[] records = new PacketRecord[VectorDecoder.FramesMax];
            // Garbage of an earlier vector must not shine through.
            MemoryMarshal.AsBytes(records.AsSpan()).Fill(0xA5);
            for (int count; (count = vectors.Read(source, 3, records)) >= 0;) got.AddRange(records[..count]);
        }
        plain.Finish();
        fast.Finish();
        Assert.That(
            MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(got)).SequenceEqual(
                MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(expected))), $"{role}: {got.Count}, {expected.Count}");
        Assert.That(fast.Tally.NotDecoded(), Is.EqualTo(plain.Tally.NotDecoded()));
        Assert.That(
            (fast.Tally.Packets, fast.Tally.Bytes, fast.Tally.FirstNs, fast.Tally.LastNs, fast.Tally.Decoded),
            Is.EqualTo((
                plain.Tally.Packets, plain.Tally.Bytes, plain.Tally.FirstNs, plain.Tally.LastNs, plain.Tally.Decoded)));
        Assert.That(fast.DigestBytesKept, Is.EqualTo(plain.DigestBytesKept));
        Assert.That((fast.Flows.Count, fast.Tunnels.Count), Is.EqualTo((plain.Flows.Count, plain.Tunnels.Count)));
        for (int i = 0; i < plain.Flows.Count; i++) Assert.That(fast.Flows[i], Is.EqualTo(plain.Flows[i]));
        for (int i = 0; i < plain.Tunnels.Count; i++) Assert.That(fast.Tunnels[i], Is.EqualTo(plain.Tunnels[i]));
    }
}
