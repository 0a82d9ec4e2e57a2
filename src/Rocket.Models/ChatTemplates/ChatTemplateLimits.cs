namespace Rocket.Models.ChatTemplates;

/// <summary>What a chat template may use, so that a hostile one ends in an error and not in a hung process.</summary>
public sealed record ChatTemplateLimits
{
    /// <summary>Length of the template, in characters.</summary>
    public int TemplateLength { get; init; } = 1 << 20;

    /// <summary>Expressions and statements evaluated in one rendering; long texts count for more.</summary>
    public long Steps { get; init; } = 10_000_000;

    /// <summary>Expressions, statements and macros inside one another.</summary>
    public int Depth { get; init; } = 256;

    /// <summary>Length of the rendered text and of every text or list on the way, in characters or items.</summary>
    public int Length { get; init; } = 16 << 20;
}
