namespace Rocket.Models.ChatTemplates.Statements;

/// <summary>How a statement ended.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}
