using System.Collections.Immutable;

namespace Rocket.Pipeline.Caching;

/// <summary>What an action made: the outputs that <c>ac/&lt;key&gt;</c> names.</summary>
/// <param name="OutputFiles">The outputs, in the action's order.</param>
public sealed record ActionResult(ImmutableArray<OutputFile> OutputFiles)
{
    /// <summary>Stage and model for <c>cache list</c>, or null.</summary>
    public ActionLabel? Label { get; init; }

    /// <summary>The output of that name, or null.</summary>
    public OutputFile? Find(string path) => OutputFiles.FirstOrDefault(file => file.Path == path);
}
