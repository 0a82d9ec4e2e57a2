using System.Text.RegularExpressions;
using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Syntax;

/// <summary>Cuts a template into tokens, white space trimmed as Jinja does with <c>trim_blocks</c> and <c>lstrip_blocks</c>, which transformers sets.</summary>
internal sealed partial class Lexer
{
    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _position;
    private int _line = 1;
    private int _counted;
    private bool _startsLine = true;

    private Lexer(string source) => _source = source;

    /// <summary>The tokens of a template; the last one is <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="TemplateSyntaxFailure">A tag, comment or string does not end, or a character begins no token.</exception>
    public static IReadOnlyList<Token> Tokenize(string template)
    {
        string source = template.ReplaceLineEndings("\n");
        var lexer = new Lexer(source.EndsWith('\n') ? source[..^1] : source);
        lexer.Run();
        return lexer._tokens;
    }

    private void Run()
    {
        while (_position < _source.Length)
        {
            int tag = NextTag(_position);
            if (tag < 0)
            {
                AddData(_source[_position..]);
                _position = _source.Length;
                break;
            }

            ReadText(tag);
            ReadTag(tag);
        }

        Add(TokenKind.End, "");
    }

    private int NextTag(int from)
    {
        for (int at = _source.IndexOf('{', from); at >= 0 && at + 1 < _source.Length; at = _source.IndexOf('{', at + 1))
        {
            if (_source[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }

        return -1;
    }

    // The text before a tag: "-" takes all white space from its end, and a block or comment that begins a line takes its indentation.
    private void ReadText(int tag)
    {
        string text = _source[_position..tag];
        char sign = CharacterAt(tag + 2);
        if (sign == '-')
        {
            text = StringParts.Strip(text, null, atStart: false, atEnd: true);
        }
        else if (sign != '+' && _source[tag + 1] != '{')
        {
            int lineStart = text.LastIndexOf('\n') + 1;
            if ((lineStart > 0 || _startsLine) && text.AsSpan(lineStart).IndexOfAnyExcept(PythonSpaces) < 0)
            {
                text = text[..lineStart];
            }
        }

        AddData(text);
    }

    private void ReadTag(int tag)
    {
        char kind = _source[tag + 1];
        _position = tag;
        if (kind == '#')
        {
            ReadComment();
            return;
        }

        if (kind == '%' && RawBegin().Match(_source, tag) is { Success: true } raw)
        {
            ReadRaw(raw);
            return;
        }

        Add(kind == '{' ? TokenKind.OutputBegin : TokenKind.BlockBegin, "");
        _position += CharacterAt(tag + 2) is '-' or '+' ? 3 : 2;
        ReadExpression(isOutput: kind == '{');
    }

    private void ReadComment()
    {
        int end = _source.IndexOf("#}", _position + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new TemplateSyntaxFailure("Missing end of comment tag", LineAt(_position));
        }

        char sign = end > _position + 2 ? _source[end - 1] : ' ';
        EndTag(end + 2, sign, trimsNewLine: true);
    }

    private void ReadRaw(Match begin)
    {
        Match end = RawEnd().Match(_source, begin.Index + begin.Length);
        if (!end.Success)
        {
            throw new TemplateSyntaxFailure("Missing end of raw directive", LineAt(begin.Index));
        }

        string text = _source[(begin.Index + begin.Length)..end.Index];
        AddData(end.Groups["begin"].Value switch
        {
            "-" => StringParts.Strip(text, null, atStart: false, atEnd: true),
            "" when text.LastIndexOf('\n') is >= 0 and var line && text.AsSpan(line + 1).IndexOfAnyExcept(PythonSpaces) < 0 => text[..(line + 1)],
            _ => text,
        });
        EndTag(end.Index + end.Length, end.Groups["end"].Value is [var sign] ? sign : ' ', trimsNewLine: true);
    }

    // After a tag: "-" takes all white space, otherwise a block or comment takes one line break unless "+" keeps it.
    private void EndTag(int position, char sign, bool trimsNewLine)
    {
        int start = position;
        if (sign == '-')
        {
            while (position < _source.Length && PythonText.IsSpace(_source[position]))
            {
                position++;
            }
        }
        else if (trimsNewLine && sign != '+' && CharacterAt(position) == '\n')
        {
            position++;
        }

        _startsLine = position > start && _source[position - 1] == '\n';
        _position = position;
    }

    private void AddData(string text)
    {
        if (text.Length > 0)
        {
            Add(TokenKind.Data, text);
        }
    }

    private void Add(TokenKind kind, string text) => _tokens.Add(new Token(kind, text, LineAt(_position)));

    private char CharacterAt(int position) => position < _source.Length ? _source[position] : '\0';

    private int LineAt(int position)
    {
        for (; _counted < position; _counted++)
        {
            _line += _source[_counted] == '\n' ? 1 : 0;
        }

        return _line;
    }

    [GeneratedRegex(@"\G\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})")]
    private static partial Regex RawBegin();

    [GeneratedRegex(@"\{%(?<begin>[-+]?)\s*endraw\s*(?<end>[-+]?)%\}")]
    private static partial Regex RawEnd();
}
