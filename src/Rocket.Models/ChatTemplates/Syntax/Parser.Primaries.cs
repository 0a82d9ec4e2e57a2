using System.Globalization;
using Rocket.Models.ChatTemplates.Expressions;
using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Syntax;

/// <summary>Literals, names, and what can follow them: attributes, items, slices, calls.</summary>
internal sealed partial class Parser
{
    private Expression ParsePrimary()
    {
        Token token = Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                _next++;
                return token.Text switch
                {
                    "true" or "True" => new ConstantExpression(true),
                    "false" or "False" => new ConstantExpression(false),
                    "none" or "None" => new ConstantExpression(null),
                    _ => new NameExpression(token.Text),
                };
            case TokenKind.Text:
                string text = "";
                while (Current.Kind == TokenKind.Text)
                {
                    text += Take().Text;
                }

                return new ConstantExpression(text);
            case TokenKind.Integer:
                return new ConstantExpression(long.Parse(Take().Text, CultureInfo.InvariantCulture));
            case TokenKind.Real:
                return new ConstantExpression(double.Parse(Take().Text, CultureInfo.InvariantCulture));
            case TokenKind.Sign when token.Text == "(":
                _next++;
                Expression inner = ParseTuple(isParenthesized: true);
                ExpectSign(")");
                return inner;
            case TokenKind.Sign when token.Text == "[":
                return ParseList();
            case TokenKind.Sign when token.Text == "{":
                return ParseMapping();
            default:
                throw Unexpected("an expression");
        }
    }

    private SequenceExpression ParseList()
    {
        ExpectSign("[");
        List<Expression> items = [];
        while (!Current.IsSign("]"))
        {
            if (items.Count > 0)
            {
                ExpectSign(",");
            }

            if (!Current.IsSign("]"))
            {
                items.Add(ParseExpression());
            }
        }

        ExpectSign("]");
        return new SequenceExpression(items, SequenceKind.List);
    }

    private MappingExpression ParseMapping()
    {
        ExpectSign("{");
        List<(Expression, Expression)> entries = [];
        while (!Current.IsSign("}"))
        {
            if (entries.Count > 0)
            {
                ExpectSign(",");
            }

            if (!Current.IsSign("}"))
            {
                Expression key = ParseExpression();
                ExpectSign(":");
                entries.Add((key, ParseExpression()));
            }
        }

        ExpectSign("}");
        return new MappingExpression(entries);
    }

    private Expression ParsePostfix(Expression expression)
    {
        while (true)
        {
            if (TakeSign("."))
            {
                Token member = Take();
                expression = member.Kind switch
                {
                    TokenKind.Name => new AttributeExpression(expression, member.Text),
                    TokenKind.Integer => new ItemExpression(expression, new ConstantExpression(long.Parse(member.Text, CultureInfo.InvariantCulture))),
                    _ => throw new TemplateSyntaxFailure("expected name or number", member.Line),
                };
            }
            else if (TakeSign("["))
            {
                expression = ParseSubscript(expression);
                ExpectSign("]");
            }
            else if (Current.IsSign("("))
            {
                expression = new CallExpression(expression, ParseArguments());
            }
            else
            {
                return expression;
            }
        }
    }

    private Expression ParseSubscript(Expression owner)
    {
        Expression? start = Current.IsSign(":") ? null : ParseExpression();
        if (start is not null && !Current.IsSign(":"))
        {
            return new ItemExpression(owner, start);
        }

        ExpectSign(":");
        Expression? stop = Current.IsSign(":") || Current.IsSign("]") ? null : ParseExpression();
        Expression? step = TakeSign(":") && !Current.IsSign("]") ? ParseExpression() : null;
        return new SliceExpression(owner, start, stop, step);
    }

    private ArgumentList ParseArguments()
    {
        ExpectSign("(");
        List<Expression> positional = [];
        List<KeyValuePair<string, Expression>> keywords = [];
        while (!Current.IsSign(")"))
        {
            if (positional.Count + keywords.Count > 0)
            {
                ExpectSign(",");
                if (Current.IsSign(")"))
                {
                    break;
                }
            }

            if (Current.IsSign("*") || Current.IsSign("**"))
            {
                throw Failure("argument unpacking with * is not supported");
            }

            if (Current.Kind == TokenKind.Name && _tokens[_next + 1].IsSign("="))
            {
                string name = Take().Text;
                _next++;
                keywords.Add(KeyValuePair.Create(name, ParseExpression()));
            }
            else if (keywords.Count > 0)
            {
                throw Failure("a positional argument follows a named one");
            }
            else
            {
                positional.Add(ParseExpression());
            }
        }

        ExpectSign(")");
        return new ArgumentList(positional, keywords);
    }
}
