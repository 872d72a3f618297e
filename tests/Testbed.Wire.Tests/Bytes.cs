namespace Testbed.Wire.Tests;

/// <summary>Test vectors as people write them: hex with blanks between the fields.</summary>
internal static class Bytes
{
    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>Flips, overwrites, cuts and grows the bytes at random, always in the same way for a seed.</summary>
    public static byte[] Mutate(ReadOnlySpan<byte> bytes, Random random)
    {
        byte[] mutant = bytes.ToArray();
        if (random.Next(4) == 0) mutant = mutant[..random.Next(mutant.Length + 1)];
        else if (random.Next(8) == 0) Array.Resize(ref mutant, mutant.Length + random.Next(1, 64));
        if (mutant.Length == 0) return mutant;
        for (int count = random.Next(1, 5); count > 0; count--)
        {
            int at = random.Next(mutant.Length);
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
