using Rocket.Compression.Execution;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Stages;

/// <summary>The dense model that an artifact is compared with.</summary>
/// <param name="Model">Digest of its content.</param>
/// <param name="States">Its states over the same windows, made on first use.</param>
public sealed record DenseReference(Digest Model, Func<ReferenceStates> States);
