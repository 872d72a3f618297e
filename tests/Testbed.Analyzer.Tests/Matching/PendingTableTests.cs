using Testbed.Analyzer.Matching;

namespace Testbed.Analyzer.Tests.Matching;

public sealed class PendingTableTests
{
    [Test]
    public void Memory_follows_the_window_and_not_the_number_of_keys()
    {
        PendingTable table = new(keepNs: 1000);
        for (ulong key = 1; key <= 100_000; key++)
        {
            ref PendingTable.Entry entry = ref table.Find(key << 8 | 1, (long)key * 10);
            table.Append(ref entry, 0, new(0, (int)key), (long)key * 10);
        }
        // A hundred keys are within the window at any time.
        Assert.That(table.Capacity, Is.LessThanOrEqualTo(2048));
    }

    [Test]
    public void What_waits_leaves_in_order_also_from_the_middle()
    {
        PendingTable table = new(keepNs: 1000);
        ref PendingTable.Entry entry = ref table.Find(5, 0);
        for (int i = 0; i < 3; i++) table.Append(ref entry, 1, new(0, i), i);
        int first = entry.Head(1), second = table[first].Next, third = table[second].Next;
        table.Remove(ref entry, 1, second, first);
        Assert.That(table[first].Next, Is.EqualTo(third));
        table.Remove(ref entry, 1, third, first);
        table.Append(ref entry, 1, new(0, 9), 9);
        Assert.That(table[table[first].Next].Place.Record, Is.EqualTo(9));
    }
}
