namespace Testbed.Conformance.Claims;

/// <summary>
/// A slice's ServiceProfile (TS 28.541 §6.3.3), as far as something follows from it. Attributes that only describe the
/// slice are read, checked against the claim where they say what it says too, and not kept.
/// </summary>
/// <param name="Figures">In the order of the specification; empty where the profile promises no figure.</param>
public sealed record ServiceProfile(IReadOnlyList<ProfileFigure> Figures);

/// <summary>One figure that a ServiceProfile promises.</summary>
/// <param name="Path">Attribute, and member of it: <c>dLThptPerUE.guaThpt</c>.</param>
/// <param name="Value">
/// In the specification's unit (TS 28.541 §6.4.1): kbit/s, ms, µs for jitter, per cent for availability and
/// reliability; null for an attribute of which this product measures nothing.
/// </param>
public sealed record ProfileFigure(string Path, decimal? Value);
