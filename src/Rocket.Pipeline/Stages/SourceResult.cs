namespace Rocket.Pipeline.Stages;

/// <summary>The source model as it was measured.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Bytes">Bytes of all its safetensors files.</param>
/// <param name="LinearParameters">Parameters of its compressible linears.</param>
/// <param name="Quality">What was measured of it.</param>
public sealed record SourceResult(string Folder, long Bytes, long LinearParameters, ModelQuality Quality);
