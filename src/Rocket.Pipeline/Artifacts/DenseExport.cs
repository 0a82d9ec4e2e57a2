using Rocket.Models.Checkpoints;

namespace Rocket.Pipeline.Artifacts;

/// <summary>Asks for W^ in the source's own layout.</summary>
/// <param name="Type">F32, F16 or BF16 for all floating-point tensors; null: as the source has them.</param>
public sealed record DenseExport(TensorType? Type) : ArtifactExport
{
    /// <inheritdoc/>
    public override string Name => "dense";

    /// <inheritdoc/>
    internal override string Key => Type?.ToString() ?? "source";
}
