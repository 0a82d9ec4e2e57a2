using Rocket.Compression.Factorization;

namespace Rocket.Compression.Profiling;

/// <summary>A dictionary of a survey.</summary>
/// <param name="K">Atoms.</param>
/// <param name="S">Coefficients a column.</param>
/// <param name="Outline">What is known of it without a solve.</param>
internal readonly record struct SurveyPoint(int K, int S, DictionaryOutline Outline);
