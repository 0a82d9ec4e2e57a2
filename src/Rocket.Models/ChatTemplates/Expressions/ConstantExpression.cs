namespace Rocket.Models.ChatTemplates.Expressions;

/// <summary>A string, number, boolean or none.</summary>
internal sealed class ConstantExpression(object? value) : Expression
{
    protected override object? Compute(RenderState state, Scope scope) => value;
}
