namespace Rocket.Quality;

/// <summary>A file of text.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Path">The file.</param>
internal sealed record StudyText(string Name, string Path);
