namespace Rocket.Models.ChatTemplates.Values;

/// <summary>Which of Python's sequences a <see cref="SequenceValue"/> is.</summary>
internal enum SequenceKind
{
    List,
    Tuple,

    /// <summary>What select, map and their kin give: true even where empty, without a length.</summary>
    Generator,
}
