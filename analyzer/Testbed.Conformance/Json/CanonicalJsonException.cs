namespace Testbed.Conformance.Json;

/// <summary>Bytes that are not canonical JSON, or JSON without a member that its reader needs.</summary>
public sealed class CanonicalJsonException(string message) : Exception(message);
