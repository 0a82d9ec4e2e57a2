using Rocket.Models.ChatTemplates.Expressions;
using Rocket.Models.ChatTemplates.Statements;

namespace Rocket.Models.ChatTemplates.Syntax;

/// <summary>The block tags.</summary>
internal sealed partial class Parser
{
    private Statement ParseStatement()
    {
        Token tag = Expect(TokenKind.Name, "the name of a tag");
        int line = tag.Line;
        return tag.Text switch
        {
            "if" => ParseIf(line),
            "for" => ParseFor(line),
            "set" => ParseSet(line),
            "macro" => ParseMacro(line),
            "call" => ParseCall(line),
            "filter" => ParseFilterBlock(line),
            "with" => ParseWith(line),
            "generation" => new ScopedStatement([], ParseBlock("endgeneration")) { Line = line },
            "break" => ParseLoopControl(Flow.Break, line),
            "continue" => ParseLoopControl(Flow.Continue, line),
            "include" or "import" or "from" or "extends" or "block" => throw new TemplateSyntaxFailure($"the tag '{tag.Text}' needs other files, which a chat template does not have", line),
            _ => throw new TemplateSyntaxFailure($"unknown tag '{tag.Text}'", line),
        };
    }

    private Body ParseBlock(string endTag)
    {
        Expect(TokenKind.BlockEnd, "'%}'");
        Body body = ParseBody([endTag]);
        ExpectEndTag(endTag);
        return body;
    }

    private IfStatement ParseIf(int line)
    {
        List<(Expression, Body)> branches = [];
        Body otherwise = new([]);
        do
        {
            Expression condition = ParseTuple(hasConditional: false);
            Expect(TokenKind.BlockEnd, "'%}'");
            branches.Add((condition, ParseBody(["elif", "else", "endif"])));
        }
        while (TakeName("elif"));

        if (TakeName("else"))
        {
            Expect(TokenKind.BlockEnd, "'%}'");
            otherwise = ParseBody(["endif"]);
        }

        ExpectEndTag("endif");
        return new IfStatement(branches, otherwise) { Line = line };
    }

    private ForStatement ParseFor(int line)
    {
        AssignmentTarget target = ParseTarget(allowsMember: false);
        if (!TakeName("in"))
        {
            throw Unexpected("'in'");
        }

        Expression items = ParseTuple(hasConditional: false, endName: "recursive");
        Expression? condition = TakeName("if") ? ParseExpression() : null;
        bool isRecursive = TakeName("recursive");
        Expect(TokenKind.BlockEnd, "'%}'");
        Body body = ParseBody(["else", "endfor"]);
        Body otherwise = new([]);
        if (TakeName("else"))
        {
            Expect(TokenKind.BlockEnd, "'%}'");
            otherwise = ParseBody(["endfor"]);
        }

        ExpectEndTag("endfor");
        return new ForStatement(target, items, condition, isRecursive, body, otherwise) { Line = line };
    }

    private Statement ParseSet(int line)
    {
        AssignmentTarget target = ParseTarget(allowsMember: true);
        if (TakeSign("="))
        {
            Expression value = ParseTuple();
            Expect(TokenKind.BlockEnd, "'%}'");
            return new SetStatement(target, value) { Line = line };
        }

        IReadOnlyList<FilterExpression> filters = ParseFilterChain();
        return new SetBlockStatement(target, filters, ParseBlock("endset")) { Line = line };
    }

    private MacroStatement ParseMacro(int line)
    {
        string name = Expect(TokenKind.Name, "the macro's name").Text;
        IReadOnlyList<(string, Expression?)> parameters = ParseParameters();
        return new MacroStatement(name, new Macro(name, parameters, ParseBlock("endmacro"))) { Line = line };
    }

    private CallStatement ParseCall(int line)
    {
        IReadOnlyList<(string, Expression?)> parameters = Current.IsSign("(") ? ParseParameters() : [];
        CallExpression call = ParseExpression() as CallExpression ?? throw Failure("expected call");
        return new CallStatement(call, new Macro("caller", parameters, ParseBlock("endcall"))) { Line = line };
    }

    private FilterBlockStatement ParseFilterBlock(int line)
    {
        List<FilterExpression> filters = [ParseFilter(null)];
        filters.AddRange(ParseFilterChain());
        return new FilterBlockStatement(filters, ParseBlock("endfilter")) { Line = line };
    }

    private ScopedStatement ParseWith(int line)
    {
        List<(AssignmentTarget, Expression)> variables = [];
        while (Current.Kind != TokenKind.BlockEnd)
        {
            if (variables.Count > 0)
            {
                ExpectSign(",");
            }

            AssignmentTarget target = ParseTarget(allowsMember: false);
            ExpectSign("=");
            variables.Add((target, ParseExpression()));
        }

        return new ScopedStatement(variables, ParseBlock("endwith")) { Line = line };
    }

    private LoopControlStatement ParseLoopControl(Flow flow, int line)
    {
        Expect(TokenKind.BlockEnd, "'%}'");
        return new LoopControlStatement(flow) { Line = line };
    }

    private List<FilterExpression> ParseFilterChain()
    {
        List<FilterExpression> filters = [];
        while (TakeSign("|"))
        {
            filters.Add(ParseFilter(null));
        }

        return filters;
    }

    private List<(string, Expression?)> ParseParameters()
    {
        List<(string, Expression?)> parameters = [];
        ExpectSign("(");
        while (!Current.IsSign(")"))
        {
            if (parameters.Count > 0)
            {
                ExpectSign(",");
            }

            string name = Expect(TokenKind.Name, "a parameter's name").Text;
            parameters.Add((name, TakeSign("=") ? ParseExpression() : null));
        }

        ExpectSign(")");
        return parameters;
    }

    private AssignmentTarget ParseTarget(bool allowsMember)
    {
        List<AssignmentTarget> parts = [];
        bool isTuple = false;
        do
        {
            if (parts.Count > 0 && Current.Kind is not TokenKind.Name && !Current.IsSign("("))
            {
                break;
            }

            parts.Add(ParseTargetPart(allowsMember));
            isTuple |= Current.IsSign(",");
        }
        while (TakeSign(","));

        return isTuple ? new AssignmentTarget(null, null, parts) : parts[0];
    }

    private AssignmentTarget ParseTargetPart(bool allowsMember)
    {
        if (TakeSign("("))
        {
            EnterDepth();
            AssignmentTarget inner = ParseTarget(allowsMember);
            _depth--;
            ExpectSign(")");
            return inner;
        }

        string name = Expect(TokenKind.Name, "the name of a variable").Text;
        if (name is "true" or "false" or "none" or "True" or "False" or "None")
        {
            throw Failure($"can't assign to '{name}'");
        }

        string? member = allowsMember && TakeSign(".") ? Expect(TokenKind.Name, "the name of a member").Text : null;
        return new AssignmentTarget(name, member, null);
    }
}
