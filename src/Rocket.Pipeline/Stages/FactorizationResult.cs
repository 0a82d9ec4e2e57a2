using Rocket.Compression.Factorization;
using Rocket.Models.Factors;

namespace Rocket.Pipeline.Stages;

/// <summary>What became of a linear.</summary>
/// <param name="Linear">Form and sizes as stored.</param>
/// <param name="Errors">Realised errors as stored.</param>
public sealed record FactorizationResult(FactoredLinear Linear, FactorizationErrors Errors);
