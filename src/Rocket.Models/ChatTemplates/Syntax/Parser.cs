using Rocket.Models.ChatTemplates.Statements;

namespace Rocket.Models.ChatTemplates.Syntax;

/// <summary>Builds a template's tree from its tokens, by the grammar of Jinja 3.</summary>
internal sealed partial class Parser
{
    private readonly IReadOnlyList<Token> _tokens;
    private readonly int _maximumDepth;
    private int _next;
    private int _depth;

    private Parser(IReadOnlyList<Token> tokens, int maximumDepth)
    {
        _tokens = tokens;
        _maximumDepth = maximumDepth;
    }

    private Token Current => _tokens[_next];

    /// <summary>Parses a template.</summary>
    /// <exception cref="TemplateSyntaxFailure">It is none.</exception>
    public static Body Parse(string template, int maximumDepth)
    {
        var parser = new Parser(Lexer.Tokenize(template), maximumDepth);
        return parser.ParseBody([]);
    }

    // Reads statements up to one of the given end tags, whose name is left as the current token.
    private Body ParseBody(ReadOnlySpan<string> endTags)
    {
        EnterDepth();
        List<Statement> statements = [];
        while (Current.Kind != TokenKind.End)
        {
            Token token = Take();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    statements.Add(new TextStatement(token.Text) { Line = token.Line });
                    break;
                case TokenKind.OutputBegin:
                    statements.Add(new OutputStatement(ParseTuple()) { Line = token.Line });
                    Expect(TokenKind.OutputEnd, "}}");
                    break;
                default:
                    if (Current.Kind == TokenKind.Name && endTags.Contains(Current.Text))
                    {
                        _depth--;
                        return new Body(statements);
                    }

                    statements.Add(ParseStatement());
                    break;
            }
        }

        _depth--;
        return endTags.IsEmpty ? new Body(statements) : throw Failure($"unexpected end of template: '{endTags[^1]}' is missing");
    }

    private Token Take() => _tokens[_next++];

    private bool TakeSign(string sign)
    {
        bool isThere = Current.IsSign(sign);
        _next += isThere ? 1 : 0;
        return isThere;
    }

    private bool TakeName(string name)
    {
        bool isThere = Current.IsName(name);
        _next += isThere ? 1 : 0;
        return isThere;
    }

    private Token Expect(TokenKind kind, string what) => Current.Kind == kind ? Take() : throw Unexpected(what);

    private void ExpectSign(string sign)
    {
        if (!TakeSign(sign))
        {
            throw Unexpected($"'{sign}'");
        }
    }

    private void ExpectEndTag(string name)
    {
        if (!TakeName(name))
        {
            throw Unexpected($"'{name}'");
        }

        Expect(TokenKind.BlockEnd, "'%}'");
    }

    private void EnterDepth()
    {
        if (++_depth > _maximumDepth)
        {
            throw Failure($"the template nests deeper than {_maximumDepth}");
        }
    }

    private TemplateSyntaxFailure Unexpected(string expected) => Failure(Current.Kind switch
    {
        TokenKind.End => $"unexpected end of template, expected {expected}",
        TokenKind.OutputEnd => $"unexpected '}}}}', expected {expected}",
        TokenKind.BlockEnd => $"unexpected '%}}', expected {expected}",
        _ => $"unexpected '{Current.Text}', expected {expected}",
    });

    private TemplateSyntaxFailure Failure(string message) => new(message, Current.Line);
}
