using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Stages;

/// <summary>What a budget would make of a model.</summary>
/// <param name="Kind">What is limited.</param>
/// <param name="Limit">The limit.</param>
/// <param name="Plan">The plan; null: the limit is out of reach.</param>
/// <param name="Bytes">Bytes of the artifact's safetensors files.</param>
public sealed record WhatIfPoint(BudgetKind Kind, decimal Limit, CompressionPlan? Plan, long Bytes);
