namespace Rocket.Pipeline.Stages;

/// <summary>What a share to remove would make of a model.</summary>
/// <param name="Remove">The share.</param>
/// <param name="Plan">The plan; null: the share is out of reach.</param>
/// <param name="Bytes">Bytes of the artifact's safetensors files.</param>
public sealed record WhatIfPoint(decimal Remove, CompressionPlan? Plan, long Bytes);
