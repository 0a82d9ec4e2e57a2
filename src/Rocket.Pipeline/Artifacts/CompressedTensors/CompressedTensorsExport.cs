namespace Rocket.Pipeline.Artifacts.CompressedTensors;

/// <summary>Asks for W^ in the layout of the compressed-tensors library: codes of 4 and 8 bits packed, all else multiplied out in the source's type.</summary>
public sealed record CompressedTensorsExport : ArtifactExport
{
    /// <summary>Name of the layout.</summary>
    public const string LayoutName = "compressed-tensors";

    /// <inheritdoc/>
    public override string Name => LayoutName;

    /// <inheritdoc/>
    internal override string Key => LayoutName;
}
