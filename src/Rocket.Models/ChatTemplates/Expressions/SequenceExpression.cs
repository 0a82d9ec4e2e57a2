using Rocket.Models.ChatTemplates.Values;

namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary><c>[a, b]</c> or <c>(a, b)</c>.</summary>
internal sealed class SequenceExpression(IReadOnlyList<Expression> items, SequenceKind kind) : Expression
{
    public IReadOnlyList<Expression> Items { get; } = items;

    protected override object? Compute(RenderState state, Scope scope)
        => new SequenceValue([.. Items.Select(item => item.Evaluate(state, scope))], kind);
}
