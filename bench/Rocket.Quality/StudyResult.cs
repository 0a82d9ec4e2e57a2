namespace Rocket.Quality;

/// <summary>What a study measured.</summary>
/// <param name="Model">The model, with the texts that were measured.</param>
/// <param name="Measurements">Its artifacts, built one after the other as they are asked for.</param>
internal sealed record StudyResult(StudyModel Model, IEnumerable<Measurement> Measurements);
