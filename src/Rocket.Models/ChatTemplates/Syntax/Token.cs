namespace Rocket.Models.ChatTemplates.Syntax;

/// <summary>A piece of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; of a string, what it stands for.</param>
/// <param name="Line">Its line, from 1.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Line)
{
    public bool IsSign(string sign) => Kind == TokenKind.Sign && Text == sign;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;
}
