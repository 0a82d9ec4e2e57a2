namespace Rocket.Models.Tokenization.PostProcessors;

/// <summary>The special tokens that a post-processor puts before and after a text's own.</summary>
internal sealed record SpecialTokenTemplate(IReadOnlyList<int> Before, IReadOnlyList<int> After)
{
    /// <summary>Adds nothing.</summary>
    public static SpecialTokenTemplate None { get; } = new([], []);

    /// <summary>This template, and <paramref name="outer"/> around its result.</summary>
    public SpecialTokenTemplate Within(SpecialTokenTemplate outer) => new([.. outer.Before, .. Before], [.. After, .. outer.After]);
}
