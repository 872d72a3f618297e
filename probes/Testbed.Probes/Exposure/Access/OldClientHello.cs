using System.Buffers.Binary;

namespace Testbed.Probes.Exposure.Access;

/// <summary>
/// A ClientHello of TLS 1.0 or 1.1 (RFC 4346 §7.4.1.2), with suites that servers of that time all had, and the
/// answer to it.
/// </summary>
internal static class OldClientHello
{
    /// <summary>Record header, handshake header and version: what tells agreement from refusal.</summary>
    public const int AnswerLength = 11;
    private const byte Handshake = 22, ClientHello = 1, ServerHello = 2, MajorVersion = 3;

    // ECDHE and RSA with AES-CBC and SHA (RFC 8422 §6, RFC 5246 §A.5).
    private static readonly ushort[] Suites = [0xC009, 0xC00A, 0xC013, 0xC014, 0x002F, 0x0035, 0x000A];

    // supported_groups with P-256, P-384 and P-521; ec_point_formats uncompressed (RFC 8422 §5.1).
    private static readonly byte[] Extensions =
        [0, 10, 0, 8, 0, 6, 0, 23, 0, 24, 0, 25, 0, 11, 0, 2, 1, 0];

    /// <param name="minorVersion">1 for TLS 1.0, 2 for TLS 1.1.</param>
    public static byte[] Of(byte minorVersion)
    {
        byte[] random = new byte[32];
        for (int i = 0; i < random.Length; i++) random[i] = (byte)(i * 7 + minorVersion);
        byte[] suites = new byte[2 * Suites.Length];
        for (int i = 0; i < Suites.Length; i++) BinaryPrimitives.WriteUInt16BigEndian(suites.AsSpan(2 * i), Suites[i]);
        byte[] body =
        [
            MajorVersion, minorVersion, .. random, 0, .. Length(suites.Length), .. suites, 1, 0,
            .. Length(Extensions.Length), .. Extensions,
        ];
        return
        [
            Handshake, MajorVersion, minorVersion, .. Length(body.Length + 4),
            ClientHello, 0, .. Length(body.Length), .. body,
        ];
    }

    /// <summary>Whether these first bytes of the answer are a ServerHello of that version.</summary>
    public static bool IsAccepted(ReadOnlySpan<byte> answer, byte minorVersion) =>
        answer.Length >= AnswerLength && answer[0] == Handshake && answer[5] == ServerHello
        && answer[9] == MajorVersion && answer[10] == minorVersion;

    private static byte[] Length(int value) => [(byte)(value >> 8), (byte)value];
}
