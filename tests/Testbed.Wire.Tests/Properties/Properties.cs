using FsCheck;
using FsCheck.Fluent;

namespace Testbed.Wire.Tests.Properties;

/// <summary>Runs a property on generated values; what fails is shrunk to the smallest that still does.</summary>
internal static class Properties
{
    private const int Count = 2000;
    /// <summary>Fixed, so that a build does not fail by chance; fuzzing is there to look further.</summary>
    private const ulong Seed = 20220220, Gamma = 38415;

    public static void Hold<T>(Func<T, bool> property) => Hold(ArbMap.Default.ArbFor<T>(), property);

    public static void Hold<T>(Arbitrary<T> values, Func<T, bool> property) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(Count).WithReplay(Seed, Gamma), Prop.ForAll(values, property));

    /// <summary>Byte strings up to a length, most of them short.</summary>
    public static Arbitrary<byte[]> Bytes(int lengthMax) => Arb.From(
        from length in Gen.Choose(0, lengthMax)
        from bytes in Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>(), length)
        select bytes);
}
