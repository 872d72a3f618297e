using System.Net;

namespace Testbed.Probes.Slicing;

/// <summary>One request for a session.</summary>
/// <param name="Kind">
/// <c>control</c>: subscribed; <c>dnn</c> or <c>slice</c>: that is what it is not subscribed to.
/// </param>
internal sealed record AdmissionRequest(string Kind, int Sst, uint Sd, string Dnn);

/// <summary>The parameters of a slice-admission.</summary>
/// <param name="Tries">Requests of each sort that must be refused.</param>
internal sealed record AdmissionOrder(IPEndPoint Attach, int Sst, uint Sd, string Dnn, int Tries)
{
    public const string RecordName = "admission.csv";
    public const string KeyPurpose = "testbed slice admission v1";
    private const uint SdMask = 0xFF_FFFF;

    public static AdmissionOrder Read(ProbeParameters parameters) => new(
        new(parameters.Address("attachAddress"), parameters.Port("attachPort")), parameters.Whole("sst", 0, 255),
        parameters.Hex("sd", SdMask), parameters.Label("dnn"), parameters.Whole("tries", 1, 1_000));

    /// <summary>
    /// The control first and last, and between them names that the key draws: nobody can have subscribed to them, and
    /// on N4 they are like nobody else's.
    /// </summary>
    public IEnumerable<AdmissionRequest> Requests(ReadOnlyMemory<byte> key)
    {
        yield return new("control", Sst, Sd, Dnn);
        for (int i = 0; i < Tries; i++)
        {
            yield return new("dnn", Sst, Sd, $"none-{ProbeKeys.Draw(key.Span, 2 * i):x8}");
            uint drawn = ProbeKeys.Draw(key.Span, 2 * i + 1) & SdMask;
            yield return new("slice", Sst, drawn == Sd || drawn == SdMask ? drawn ^ 1 : drawn, Dnn);
        }
        yield return new("control", Sst, Sd, Dnn);
    }
}
