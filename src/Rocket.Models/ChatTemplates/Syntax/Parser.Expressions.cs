using Rocket.Models.ChatTemplates.Expressions;
using Rocket.Models.ChatTemplates.Library;
using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Syntax;

/// <summary>Operators, from those that bind least to those that bind most.</summary>
internal sealed partial class Parser
{
    private Expression ParseTuple(bool hasConditional = true, bool isParenthesized = false, string? endName = null)
    {
        List<Expression> items = [];
        bool isTuple = false;
        do
        {
            if (Current.Kind is TokenKind.OutputEnd or TokenKind.BlockEnd || Current.IsSign(")") || (endName is not null && Current.IsName(endName)))
            {
                break;
            }

            items.Add(hasConditional ? ParseExpression() : ParseOr());
            isTuple |= Current.IsSign(",");
        }
        while (TakeSign(","));

        if (!isTuple && items is [var only])
        {
            return only;
        }

        return items.Count > 0 || isParenthesized ? new SequenceExpression(items, SequenceKind.Tuple) : throw Unexpected("an expression");
    }

    private Expression ParseExpression()
    {
        EnterDepth();
        Expression expression = ParseOr();
        while (TakeName("if"))
        {
            Expression condition = ParseOr();
            Expression? otherwise = TakeName("else") ? ParseExpression() : null;
            expression = new ConditionalExpression(expression, condition, otherwise);
        }

        _depth--;
        return expression;
    }

    private Expression ParseOr()
    {
        Expression left = ParseAnd();
        while (TakeName("or"))
        {
            left = new LogicalExpression(left, ParseAnd(), isOr: true);
        }

        return left;
    }

    private Expression ParseAnd()
    {
        Expression left = ParseNot();
        while (TakeName("and"))
        {
            left = new LogicalExpression(left, ParseNot(), isOr: false);
        }

        return left;
    }

    private Expression ParseNot()
    {
        if (!TakeName("not"))
        {
            return ParseComparison();
        }

        EnterDepth();
        Expression operand = ParseNot();
        _depth--;
        return new UnaryExpression(operand, value => !Operators.IsTrue(value));
    }

    private Expression ParseComparison()
    {
        Expression first = ParseSum();
        List<(Func<object?, object?, bool>, Expression)> rest = [];
        while (TakeComparison() is { } compare)
        {
            rest.Add((compare, ParseSum()));
        }

        return rest.Count == 0 ? first : new ComparisonExpression(first, rest);
    }

    private Func<object?, object?, bool>? TakeComparison()
    {
        if (TakeName("in"))
        {
            return (item, container) => Operators.Contains(container, item);
        }

        if (Current.IsName("not") && _tokens[_next + 1].IsName("in"))
        {
            _next += 2;
            return (item, container) => !Operators.Contains(container, item);
        }

        Func<object?, object?, bool>? compare = Current.Kind != TokenKind.Sign ? null : Current.Text switch
        {
            "==" => Operators.AreEqual,
            "!=" => (left, right) => !Operators.AreEqual(left, right),
            "<" => (left, right) => Operators.Compare(left, right) < 0,
            "<=" => (left, right) => Operators.Compare(left, right) <= 0,
            ">" => (left, right) => Operators.Compare(left, right) > 0,
            ">=" => (left, right) => Operators.Compare(left, right) >= 0,
            _ => null,
        };
        _next += compare is null ? 0 : 1;
        return compare;
    }

    private Expression ParseSum()
    {
        Expression left = ParseConcatenation();
        while (true)
        {
            if (TakeSign("+"))
            {
                left = new BinaryExpression(left, ParseConcatenation(), (first, second, _) => Arithmetic.Add(first, second));
            }
            else if (TakeSign("-"))
            {
                left = new BinaryExpression(left, ParseConcatenation(), (first, second, _) => Arithmetic.Subtract(first, second));
            }
            else
            {
                return left;
            }
        }
    }

    private Expression ParseConcatenation()
    {
        Expression left = ParseProduct();
        while (TakeSign("~"))
        {
            left = new BinaryExpression(left, ParseProduct(), (first, second, _) => PythonText.Str(first) + PythonText.Str(second));
        }

        return left;
    }

    private Expression ParseProduct()
    {
        Expression left = ParsePower();
        while (true)
        {
            Func<object?, object?, RenderState, object?>? compute = Current.Kind != TokenKind.Sign ? null : Current.Text switch
            {
                "*" => Arithmetic.Multiply,
                "/" => (first, second, _) => Arithmetic.Divide(first, second),
                "//" => (first, second, _) => Arithmetic.FloorDivide(first, second),
                "%" => (first, second, _) => Arithmetic.Modulo(first, second),
                _ => null,
            };
            if (compute is null)
            {
                return left;
            }

            _next++;
            left = new BinaryExpression(left, ParsePower(), compute);
        }
    }

    private Expression ParsePower()
    {
        Expression left = ParseUnary(hasFilters: true);
        while (TakeSign("**"))
        {
            left = new BinaryExpression(left, ParseUnary(hasFilters: true), (first, second, _) => Arithmetic.Power(first, second));
        }

        return left;
    }

    private Expression ParseUnary(bool hasFilters)
    {
        EnterDepth();
        Expression expression = TakeSign("-") ? new UnaryExpression(ParseUnary(hasFilters: false), Arithmetic.Negate)
            : TakeSign("+") ? new UnaryExpression(ParseUnary(hasFilters: false), value => Arithmetic.Add(0L, value))
            : ParsePrimary();
        expression = ParsePostfix(expression);
        expression = hasFilters ? ParseFiltersAndTests(expression) : expression;
        _depth--;
        return expression;
    }

    private Expression ParseFiltersAndTests(Expression expression)
    {
        while (true)
        {
            if (TakeSign("|"))
            {
                expression = ParseFilter(expression);
            }
            else if (TakeName("is"))
            {
                expression = ParseTest(expression);
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

    private FilterExpression ParseFilter(Expression? value)
    {
        Token name = Expect(TokenKind.Name, "the name of a filter");
        Filter filter = Filters.Find(name.Text) ?? throw new TemplateSyntaxFailure($"the filter '{name.Text}' is not supported", name.Line);
        return new FilterExpression(value, filter, Current.IsSign("(") ? ParseArguments() : ArgumentList.None);
    }

    private Expression ParseTest(Expression value)
    {
        bool isNegated = TakeName("not");
        Token name = Expect(TokenKind.Name, "the name of a test");
        ValueTest test = Tests.Find(name.Text) ?? throw new TemplateSyntaxFailure($"the test '{name.Text}' is not supported", name.Line);
        ArgumentList arguments = ArgumentList.None;
        if (Current.IsSign("("))
        {
            arguments = ParseArguments();
        }
        else if (Current.IsName("is"))
        {
            throw Failure("You cannot chain multiple tests with is");
        }
        else if (BeginsArgument(Current))
        {
            arguments = new ArgumentList([ParsePostfix(ParsePrimary())], []);
        }

        var expression = new TestExpression(value, test, arguments);
        return isNegated ? new UnaryExpression(expression, result => !Operators.IsTrue(result)) : expression;
    }

    private static bool BeginsArgument(Token token) => token.Kind switch
    {
        TokenKind.Name => token.Text is not ("else" or "or" or "and" or "if" or "in" or "not"),
        TokenKind.Text or TokenKind.Integer or TokenKind.Real => true,
        TokenKind.Sign => token.Text is "[" or "{",
        _ => false,
    };
}
