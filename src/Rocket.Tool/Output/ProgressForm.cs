namespace Rocket.Tool.Output;

/// <summary>How progress is shown on standard error.</summary>
internal enum ProgressForm
{
    /// <summary>A tree on a terminal, lines elsewhere.</summary>
    Auto,

    /// <summary>Lines.</summary>
    Plain,

    /// <summary>One JSON object a line.</summary>
    Json,
}
