using Testbed.Wire.Ip;
using Testbed.Wire.Ngap;

namespace Testbed.Fuzz.Corpus;

/// <summary>NGAP messages: two as radio nodes sent them, one of our writer with all that it knows.</summary>
internal static class NgapSamples
{
    public static List<byte[]> All()
    {
        NgapMessage order = new(NgapProcedure.PduSessionResourceSetup, NgapOutcome.Initiating)
        {
            AmfUeId = 0x12_3456_789A, RanUeId = 4_000_000_000,
        };
        order.Orders.Add(new(5, new(1, 0x010203), [new(HostAddress.Parse("10.100.3.1"), default, 0xDEADBEEF)],
            [new(9, 9, false, 8, false, true, null)]));
        return
        [
            Samples.Hex("0015 0035 000004 001b 00 08 00 02f839 10 000102 0052 40 09 03 00 66726565356763"
                + "0066 00 10 00 00000001 00 02f839 0000 10 08 010203 0015 40 01 40"),
            Samples.Hex("201d 0027 000003 000a 40 02 0008 0055 40 05 c09e06692d 004b 40 11 00000a 0d 0003e0 c0a84681"
                + "ca6fe0dd 0007"),
            order.ToArray(),
        ];
    }
}
