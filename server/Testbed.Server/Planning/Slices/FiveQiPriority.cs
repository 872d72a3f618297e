namespace Testbed.Server.Planning.Slices;

/// <summary>Default priority levels of standardized 5QIs: the lower number goes first.</summary>
internal static class FiveQiPriority
{
    /// <remarks>TS 23.501 table 5.7.4-1.</remarks>
    private static readonly Dictionary<int, int> Levels = new()
    {
        [1] = 20, [2] = 40, [3] = 30, [4] = 50, [65] = 7, [66] = 20, [67] = 15, [71] = 56, [72] = 56, [73] = 56,
        [74] = 56, [76] = 56, [5] = 10, [6] = 60, [7] = 70, [8] = 80, [9] = 90, [10] = 90, [69] = 5, [70] = 55,
        [79] = 65, [80] = 68, [82] = 19, [83] = 22, [84] = 24, [85] = 21, [86] = 18, [87] = 25, [88] = 25, [89] = 25,
        [90] = 25,
    };

    /// <summary>Null for a 5QI of the operator's own, whose level only its core knows.</summary>
    public static int? Of(int fiveQi) => Levels.TryGetValue(fiveQi, out int level) ? level : null;
}
