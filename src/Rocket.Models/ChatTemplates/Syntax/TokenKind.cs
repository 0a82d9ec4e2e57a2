namespace Rocket.Models.ChatTemplates.Syntax;

/// <summary>What a piece of a template is.</summary>
internal enum TokenKind
{
    /// <summary>Text outside of tags, white space already trimmed.</summary>
    Data,
    OutputBegin,
    OutputEnd,
    BlockBegin,
    BlockEnd,
    Name,
    Text,
    Integer,
    Real,
    Sign,
    End,
}
