using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Diagnostics;

/// <summary>Errors of zero-shot tasks (RKT312x).</summary>
public static class TaskErrors
{
    /// <summary>RKT3121: a line that is no item of a task.</summary>
    public static RocketException NoItem(SourceLocation location, string reason, Exception cause) => new(
        "RKT3121", $"The line is no item of a task: {reason} An item is an object with \"kind\" and what the kind needs: multiple_choice (context, choices, gold), partial_context (contexts, target, gold) or last_word (context, target).", location, cause);

    /// <summary>RKT3122: a task without items.</summary>
    public static RocketException NoItems(string path) => new(
        "RKT3122", "The task has no items. Name a .jsonl file with one a line.", new SourceLocation(path));
}
