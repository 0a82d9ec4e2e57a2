namespace Rocket.Compression.Evaluation;

/// <summary>How an item of a task is scored.</summary>
public enum TaskKind
{
    /// <summary>One context, several continuations: the most probable one is the answer.</summary>
    MultipleChoice,

    /// <summary>Several contexts, one continuation: the context that makes it most probable is the answer (WinoGrande).</summary>
    PartialContext,

    /// <summary>One continuation, right where greedy decoding gives just its tokens (LAMBADA).</summary>
    LastWord,
}
