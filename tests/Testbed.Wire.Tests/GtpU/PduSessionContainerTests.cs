using Testbed.Wire.GtpU;

namespace Testbed.Wire.Tests.GtpU;

public sealed class PduSessionContainerTests
{
    private static IEnumerable<TestCaseData> Vectors()
    {
        // TS 38.415 §5.5.2: hand-made from the figures, length and next type in front and at the end.
        yield return new TestCaseData("01 00 09 00", PduSessionInformation.Downlink(9));
        yield return new TestCaseData("01 10 3f 00", PduSessionInformation.Uplink(63));
        yield return new TestCaseData(
            "02 04 c5 60 0a0b0c 00", new PduSessionInformation(false, 5)
            {
                ReflectiveQos = true, PagingPolicy = 3, QfiSequenceNumber = 0x0A0B0C,
            });
        yield return new TestCaseData(
            "05 0e c5 60 0102030405060708 0a0b0c 11223344 00", new PduSessionInformation(false, 5)
            {
                ReflectiveQos = true, PagingPolicy = 3, QfiSequenceNumber = 0x0A0B0C, MbsSequenceNumber = 0x11223344,
                MonitoringTimes = new(0x0102030405060708),
            });
        yield return new TestCaseData(
            "0b 1f 87 0000000000000001 0000000000000002 0000000000000003 00000004 00000005 000006 00000007 00 00",
            new PduSessionInformation(true, 7)
            {
                MonitoringTimes = new(1, 2, 3), DownlinkDelay = 4, UplinkDelay = 5, QfiSequenceNumber = 6,
                N3N9Delay = 7,
            });
        yield return new TestCaseData(
            "02 11 02 000100 00 00", new PduSessionInformation(true, 2) { QfiSequenceNumber = 256 });
    }

    [TestCaseSource(nameof(Vectors))]
    public void A_container_reads_as_specified(string hex, PduSessionInformation expected)
    {
        byte[] extension = Bytes.Hex(hex);
        Assert.That(extension, Has.Length.EqualTo(extension[0] * 4), "The vector itself is sound.");
        Assert.That(PduSessionContainer.Read(extension.AsSpan(1, extension.Length - 2), out PduSessionInformation read),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That(read, Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Vectors))]
    public void A_container_writes_as_specified(string hex, PduSessionInformation information)
    {
        byte[] expected = Bytes.Hex(hex);
        byte[] buffer = Enumerable.Repeat((byte)0xEE, PduSessionContainer.ExtensionLengthMax).ToArray();
        int length = PduSessionContainer.WriteExtension(buffer, information, GtpUExtensionType.None);
        Assert.That(buffer[..length], Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Vectors))]
    public void No_content_shorter_than_its_flags_promise_reads(string hex, PduSessionInformation information)
    {
        byte[] content = Bytes.Hex(hex)[1..^1];
        bool wasOk = false;
        for (int length = 0; length <= content.Length; length++)
        {
            DecodeStatus status = PduSessionContainer.Read(content.AsSpan(0, length), out _);
            // Once it holds all fields it reads, and padding changes nothing.
            if (wasOk) Assert.That(status, Is.EqualTo(DecodeStatus.Ok));
            else Assert.That(status, Is.AnyOf(DecodeStatus.Ok, DecodeStatus.Truncated));
            wasOk = status is DecodeStatus.Ok;
        }
        Assert.That(wasOk, $"{information}");
        Assert.That(PduSessionContainer.Read(content.AsSpan(0, 1), out _), Is.EqualTo(DecodeStatus.Truncated));
    }

    [Test]
    public void A_monitoring_flag_without_time_stamps_is_truncated()
    {
        Assert.That(PduSessionContainer.Read([0x18, 0x09], out _), Is.EqualTo(DecodeStatus.Truncated));
        Assert.That(PduSessionContainer.Read([0x08, 0x09], out _), Is.EqualTo(DecodeStatus.Truncated));
    }

    [Test]
    public void New_fields_of_later_releases_do_not_stop_the_reader()
    {
        Assert.That(PduSessionContainer.Read(Bytes.Hex("10 42 07 01 25 66"), out PduSessionInformation read),
            Is.EqualTo(DecodeStatus.Ok));
        Assert.That(read, Is.EqualTo(PduSessionInformation.Uplink(2)));
    }

    [Test]
    public void An_unknown_PDU_type_is_unsupported()
    {
        for (int type = 2; type < 16; type++)
            Assert.That(PduSessionContainer.Read([(byte)(type << 4), 9], out _), Is.EqualTo(DecodeStatus.Unsupported));
    }

    [Test]
    public void A_QFI_over_63_is_refused_by_the_writer()
    {
        byte[] buffer = new byte[PduSessionContainer.ExtensionLengthMax];
        Assert.Throws<ArgumentOutOfRangeException>(
            () => PduSessionContainer.WriteExtension(buffer, PduSessionInformation.Uplink(64), 0));
    }

    [Test]
    public void Any_information_writes_and_reads_back()
    {
        Random random = new(38415);
        byte[] buffer = new byte[PduSessionContainer.ExtensionLengthMax];
        for (int i = 0; i < 5_000; i++)
        {
            bool isUplink = random.Next(2) == 0;
            uint? Maybe(long max) => random.Next(2) == 0 ? null : (uint)random.NextInt64(max);
            ulong Time() => (ulong)random.NextInt64();
            QosMonitoringTimes? times = random.Next(2) == 0 ? null
                : isUplink ? new(Time(), Time(), Time()) : new(Time());
            PduSessionInformation information = new(isUplink, (byte)random.Next(64))
            {
                MonitoringTimes = times,
                QfiSequenceNumber = Maybe(1 << 24),
                ReflectiveQos = !isUplink && random.Next(2) == 0,
                PagingPolicy = isUplink ? null : (byte?)Maybe(8),
                MbsSequenceNumber = isUplink ? null : Maybe(1L << 32),
                DownlinkDelay = isUplink ? Maybe(1L << 32) : null,
                UplinkDelay = isUplink ? Maybe(1L << 32) : null,
                N3N9Delay = isUplink ? Maybe(1L << 32) : null,
            };
            int length = PduSessionContainer.WriteExtension(buffer, information, 0);
            Assert.That(PduSessionContainer.Read(buffer.AsSpan(1, length - 2), out PduSessionInformation read),
                Is.EqualTo(DecodeStatus.Ok));
            Assert.That(read, Is.EqualTo(information));
        }
    }
}
