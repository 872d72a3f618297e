using Testbed.Conformance.Json;

namespace Testbed.Evidence.Journals;

/// <summary>Something that happened in a run. <see cref="Kind"/> is the record's name and never changes.</summary>
public interface IJournalEvent
{
    string Kind { get; }
    JsonObject ToJson();
}
