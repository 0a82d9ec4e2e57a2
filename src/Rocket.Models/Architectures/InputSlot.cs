namespace Rocket.Models.Architectures;

/// <summary>A distinct input within a block: its kind, and the expert that reads it (-1: every token does).</summary>
public readonly record struct InputSlot(InputKind Kind, int Expert = -1)
{
    /// <summary>A stable name for files and keys, such as <c>attention</c> or <c>feed_forward_down.3</c>.</summary>
    public override string ToString()
    {
        string name = Kind switch
        {
            InputKind.Attention => "attention",
            InputKind.AttentionOutput => "attention_output",
            InputKind.FeedForward => "feed_forward",
            InputKind.Vocabulary => "vocabulary",
            _ => "feed_forward_down",
        };
        return Expert < 0 ? name : $"{name}.{Expert}";
    }
}
