namespace Rocket.Pipeline.Stages;

/// <summary>A built artifact.</summary>
/// <param name="Budget">Name of the budget.</param>
/// <param name="Folder">The artifact's folder.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="Bytes">Bytes of all its safetensors files, headers and masks included.</param>
/// <param name="IsNew">False where the folder held just this artifact already.</param>
public sealed record BudgetResult(string Budget, string Folder, CompressionPlan Plan, long Bytes, bool IsNew);
