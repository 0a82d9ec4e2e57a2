using System.Collections.Immutable;

namespace Rocket.Quality;

/// <summary>One artifact, measured.</summary>
/// <param name="Model">The model.</param>
/// <param name="Variant">The way to compress.</param>
/// <param name="Budget">The budget.</param>
/// <param name="RemovedShare">Removed share of the linears' parameters, by the paper's count.</param>
/// <param name="Bytes">Bytes of the artifact's weights.</param>
/// <param name="Predicted">The plan's cost: nats a token, or the unit of the variant.</param>
/// <param name="Rises">Rise of the nll over dense, nats a token, by text.</param>
internal sealed record Measurement(
    string Model, string Variant, string Budget, double RemovedShare, long Bytes, double Predicted, ImmutableSortedDictionary<string, double> Rises);
