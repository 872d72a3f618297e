using System.Security.Cryptography;
using System.Text;

namespace Testbed.Wire.Stamp;

/// <summary>
/// Bytes in the padding of a run's test packets by which they are found in any frame, whatever is wrapped around them:
/// a copy in a tunnel, behind a translated address or under another port still holds them.
/// </summary>
public static class PayloadMarker
{
    /// <summary>Long enough that no other traffic holds it by chance.</summary>
    public const int Length = 16;

    /// <summary>HKDF-SHA-256 (RFC 5869) over the run nonce, without salt; nobody can look for it beforehand.</summary>
    /// <param name="farEnd">Role of the far end that the packets go to: <c>edge</c> or <c>dn</c>.</param>
    public static byte[] Derive(ReadOnlySpan<byte> runNonce, string farEnd)
    {
        byte[] marker = new byte[Length];
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256, runNonce, marker, salt: [],
            Encoding.ASCII.GetBytes("testbed payload marker v1 " + farEnd));
        return marker;
    }
}
