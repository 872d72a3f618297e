using System.Globalization;

namespace Testbed.Fuzz.Engine;

/// <param name="InputCount">Inputs a target.</param>
/// <param name="Seed">All inputs follow from it and the target's name.</param>
/// <param name="Target">Null for all.</param>
internal sealed record FuzzOptions(long InputCount, int Seed, string? Target)
{
    public static FuzzOptions Parse(string count, IReadOnlyList<string> options)
    {
        if (!long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out long inputs) || inputs == 0)
            throw new ArgumentException($"'{count}' is no number of inputs, for example 100000");
        // A new seed each time finds more; it is printed, so that any run can be repeated.
        int seed = (int)(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() & int.MaxValue);
        string? target = null;
        for (int i = 0; i < options.Count; i += 2)
        {
            if (i + 1 == options.Count) throw new ArgumentException($"{options[i]}: no value");
            string value = options[i + 1];
            if (options[i] == "--target") target = value;
            else if (options[i] != "--seed"
                || !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed))
                throw new ArgumentException($"{options[i]} {value}: expected --seed NUMBER or --target NAME");
        }
        return new(inputs, seed, target);
    }
}
