using Testbed.Lab.Access;
using Testbed.Wire;
using Testbed.Wire.Ngap;

namespace Testbed.Lab.Tests.Access;

/// <summary>What the lab says on N2, read back by the verifier's decoder.</summary>
public sealed class NgapPartsTests
{
    private static NgapMessage Read(NgapMessage written)
    {
        Assert.That(NgapMessage.Read(written.ToArray(), out NgapMessage? message), Is.EqualTo(DecodeStatus.Ok));
        return message!;
    }

    [Test]
    public void An_initial_message_asks_for_registration()
    {
        NgapMessage written = new(NgapProcedure.InitialUeMessage, NgapOutcome.Initiating) { RanUeId = 7 };
        written.Further.AddRange(
            [NgapParts.RegistrationRequest(0x0A2D_0002), NgapParts.Location, NgapParts.EstablishmentCause]);
        NgapMessage message = Read(written);
        Assert.That(message.IsRegistrationRequest);
        Assert.That(message.RanUeId, Is.EqualTo(7));
        Assert.That(message.OtherElementCount, Is.EqualTo(3));
    }

    [Test]
    public void A_ciphered_message_says_nothing()
    {
        NgapMessage written = new(NgapProcedure.UplinkNasTransport, NgapOutcome.Initiating) { RanUeId = 7 };
        written.Further.Add(NgapParts.Ciphered(new(1), 40));
        Assert.That(Read(written).IsRegistrationRequest, Is.False);
    }

    [Test]
    public void A_command_to_release_a_context_names_the_UE_by_both_numbers()
    {
        NgapMessage written = new(NgapProcedure.UeContextRelease, NgapOutcome.Initiating)
        {
            RanUeId = 70_000, AmfUeId = 1L << 39,
        };
        written.Further.Add(NgapParts.UserInactivity);
        NgapMessage message = Read(written);
        Assert.That((message.RanUeId, message.AmfUeId), Is.EqualTo(((long?)70_000, (long?)(1L << 39))));
    }

    [TestCase(160_000_000, 80_000_000, "0C098968003004C4B400")]
    [TestCase(200, 1, "00C80001")]
    public void The_session_AMBR_is_encoded_as_TS_38_413_says(long downlinkBps, long uplinkBps, string expected) =>
        Assert.That(Convert.ToHexString(NgapParts.SessionAmbr(downlinkBps, uplinkBps).Value), Is.EqualTo(expected));
}
