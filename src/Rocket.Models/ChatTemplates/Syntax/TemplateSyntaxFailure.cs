namespace Rocket.Models.ChatTemplates.Syntax;

/// <summary>A template that does not parse; becomes RKT2452 with its line.</summary>
internal sealed class TemplateSyntaxFailure(string message, int line) : Exception(message)
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;
}
