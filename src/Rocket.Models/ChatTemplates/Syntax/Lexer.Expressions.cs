using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Syntax;

/// <summary>The tokens inside of tags.</summary>
internal sealed partial class Lexer
{
    private static readonly SearchValues<char> PythonSpaces
        = SearchValues.Create([.. Enumerable.Range(0, char.MaxValue + 1).Select(i => (char)i).Where(PythonText.IsSpace)]);

    private static readonly string[] Signs = ["==", "!=", "<=", ">=", "//", "**", "+", "-", "*", "/", "%", "~", "(", ")", "[", "]", "{", "}", "<", ">", "=", ".", ":", "|", ",", ";"];

    private void ReadExpression(bool isOutput)
    {
        var open = new Stack<char>();
        int begin = _position;
        while (true)
        {
            while (_position < _source.Length && PythonText.IsSpace(_source[_position]))
            {
                _position++;
            }

            if (_position >= _source.Length)
            {
                throw new TemplateSyntaxFailure("unexpected end of template: a tag is not closed", LineAt(begin));
            }

            if (open.Count == 0 && TryReadEnd(isOutput))
            {
                return;
            }

            ReadToken(open);
        }
    }

    private bool TryReadEnd(bool isOutput)
    {
        ReadOnlySpan<char> rest = _source.AsSpan(_position);
        char sign = rest[0];
        string end = isOutput ? "}}" : "%}";
        bool isSigned = sign == '-' || (sign == '+' && !isOutput);
        if (!rest[(isSigned ? 1 : 0)..].StartsWith(end))
        {
            return false;
        }

        Add(isOutput ? TokenKind.OutputEnd : TokenKind.BlockEnd, "");
        EndTag(_position + (isSigned ? 3 : 2), isSigned ? sign : ' ', trimsNewLine: !isOutput);
        return true;
    }

    private void ReadToken(Stack<char> open)
    {
        char first = _source[_position];
        if (first is '\'' or '"')
        {
            ReadString(first);
        }
        else if (char.IsAsciiDigit(first))
        {
            ReadNumber();
        }
        else if (IsNamePart(first, isFirst: true))
        {
            int end = _position + 1;
            while (end < _source.Length && IsNamePart(_source[end], isFirst: false))
            {
                end++;
            }

            AddToken(TokenKind.Name, _source[_position..end], end - _position);
        }
        else
        {
            ReadSign(open);
        }
    }

    private void ReadString(char quote)
    {
        int end = _position + 1;
        while (end < _source.Length && _source[end] != quote)
        {
            end += _source[end] == '\\' ? 2 : 1;
        }

        if (end >= _source.Length)
        {
            throw new TemplateSyntaxFailure("a string is not closed", LineAt(_position));
        }

        string text = StringLiteral.Unescape(_source.AsSpan(_position + 1, end - _position - 1), LineAt(_position));
        AddToken(TokenKind.Text, text, end + 1 - _position);
    }

    private void ReadNumber()
    {
        Match match = Number().Match(_source, _position);
        string digits = match.Value.Replace("_", "", StringComparison.Ordinal);
        bool isReal = match.Groups["real"].Success;
        bool fits = isReal || long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        AddToken(isReal ? TokenKind.Real : TokenKind.Integer, fits ? digits : throw new TemplateSyntaxFailure($"the number {digits} does not fit 64 bits", LineAt(_position)), match.Length);
    }

    private void ReadSign(Stack<char> open)
    {
        string? sign = Array.Find(Signs, candidate => _source.AsSpan(_position).StartsWith(candidate));
        switch (sign)
        {
            case null:
                throw new TemplateSyntaxFailure($"unexpected character '{_source[_position]}'", LineAt(_position));
            case "(" or "[" or "{":
                open.Push(sign == "(" ? ')' : sign == "[" ? ']' : '}');
                break;
            case ")" or "]" or "}" when open.Count == 0 || open.Pop() != sign[0]:
                throw new TemplateSyntaxFailure($"unexpected '{sign}'", LineAt(_position));
        }

        AddToken(TokenKind.Sign, sign, sign.Length);
    }

    private void AddToken(TokenKind kind, string text, int length)
    {
        Add(kind, text);
        _position += length;
    }

    private static bool IsNamePart(char character, bool isFirst)
        => character == '_' || char.IsLetter(character) || (!isFirst && char.IsLetterOrDigit(character));

    [GeneratedRegex(@"\G[0-9]+(?:_[0-9]+)*(?<real>\.[0-9]+(?:_[0-9]+)*(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)?")]
    private static partial Regex Number();
}
