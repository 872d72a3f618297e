using Testbed.Wire.Aper;

namespace Testbed.Wire.Ngap;

/// <summary>QoS flows and their parameters (TS 38.413 §9.3.1.12, §9.3.1.18, §9.3.1.28, §9.3.1.10).</summary>
internal static class QosFlows
{
    private const int FlowsMax = 64;
    private const int QfiMax = 63;

    public static void ReadOrders(ref AperReader reader, List<QosFlowOrder> into)
    {
        for (int left = reader.Count(1, FlowsMax); left > 0 && reader.IsOk; left--)
        {
            AperSequence item = reader.Begin(2);
            byte qfi = Qfi(ref reader);
            QosFlowOrder order = Parameters(ref reader, qfi);
            if (item.Has(0)) reader.Extensible(0, 15);
            NgapSyntax.End(ref reader, item);
            if (reader.IsOk) into.Add(order);
        }
    }

    public static byte Qfi(ref AperReader reader)
    {
        long qfi = reader.Extensible(0, QfiMax);
        // The container on N3 has six bits (TS 38.415 §5.5.3.3): a number beyond them cannot be used.
        return (byte)(qfi is >= 0 and <= QfiMax ? qfi : reader.Fail(DecodeStatus.BadField));
    }

    private static QosFlowOrder Parameters(ref AperReader reader, byte qfi)
    {
        AperSequence sequence = reader.Begin(4);
        long choice = reader.Constrained(0, 2);
        if (choice == 2) reader.Fail(DecodeStatus.Unsupported);
        int? fiveQi = choice == 0 ? NonDynamic(ref reader) : Dynamic(ref reader);
        AperSequence retention = reader.Begin(1);
        int priority = (int)reader.Constrained(1, 15);
        bool mayPreempt = reader.Enumerated(2, isExtensible: true) == 1;
        bool isPreemptable = reader.Enumerated(2, isExtensible: true) == 1;
        NgapSyntax.End(ref reader, retention);
        GbrFlow? gbr = sequence.Has(0) ? Gbr(ref reader) : null;
        if (sequence.Has(1)) reader.Enumerated(1, isExtensible: true);
        if (sequence.Has(2)) reader.Enumerated(1, isExtensible: true);
        NgapSyntax.End(ref reader, sequence);
        return new(qfi, fiveQi, choice == 1, priority, mayPreempt, isPreemptable, gbr);
    }

    private static int NonDynamic(ref AperReader reader)
    {
        AperSequence sequence = reader.Begin(4);
        int fiveQi = FiveQi(ref reader);
        if (sequence.Has(0)) PriorityLevel(ref reader);
        if (sequence.Has(1)) AveragingWindow(ref reader);
        if (sequence.Has(2)) BurstVolume(ref reader);
        NgapSyntax.End(ref reader, sequence);
        return fiveQi;
    }

    private static int? Dynamic(ref AperReader reader)
    {
        AperSequence sequence = reader.Begin(5);
        PriorityLevel(ref reader);
        reader.Extensible(0, 1023);
        AperSequence errorRate = reader.Begin(1);
        reader.Extensible(0, 9);
        reader.Extensible(0, 9);
        NgapSyntax.End(ref reader, errorRate);
        int? fiveQi = sequence.Has(0) ? FiveQi(ref reader) : null;
        if (sequence.Has(1)) reader.Enumerated(2, isExtensible: true);
        if (sequence.Has(2)) AveragingWindow(ref reader);
        if (sequence.Has(3)) BurstVolume(ref reader);
        NgapSyntax.End(ref reader, sequence);
        return fiveQi;
    }

    private static GbrFlow Gbr(ref AperReader reader)
    {
        AperSequence sequence = reader.Begin(4);
        GbrFlow gbr = new(BitRate(ref reader), BitRate(ref reader), BitRate(ref reader), BitRate(ref reader));
        if (sequence.Has(0)) reader.Enumerated(1, isExtensible: true);
        if (sequence.Has(1)) reader.Extensible(0, 1000);
        if (sequence.Has(2)) reader.Extensible(0, 1000);
        NgapSyntax.End(ref reader, sequence);
        return gbr;
    }

    private static int FiveQi(ref AperReader reader) => (int)reader.Extensible(0, 255);

    private static long BitRate(ref AperReader reader) => reader.Extensible(0, 4_000_000_000_000);

    private static void PriorityLevel(ref AperReader reader) => reader.Extensible(1, 127);

    private static void AveragingWindow(ref AperReader reader) => reader.Extensible(0, 4095);

    private static void BurstVolume(ref AperReader reader) => reader.Extensible(0, 4095);
}
