namespace Rocket.Models.ChatTemplates.Values;

/// <summary>What a name or member that does not exist stands for: nothing when printed or iterated, an error when used further.</summary>
/// <param name="Reason">What is missing, as the error says it.</param>
internal sealed record Undefined(string Reason)
{
    /// <summary>A variable that nobody set.</summary>
    public static Undefined Variable(string name) => new($"'{name}' is undefined");

    /// <summary>A member that a value does not have.</summary>
    public static Undefined Member(object? owner, object? name) => new($"'{PythonText.TypeName(owner)} object' has no attribute '{PythonText.Str(name)}'");
}
