namespace LittleStories;

/// <summary>The sizes of the trained model, a Llama with tied embeddings and grouped-query attention.</summary>
internal sealed record ModelShape(int Vocabulary)
{
    /// <summary>Length of a hidden state.</summary>
    public const int Hidden = 128;

    /// <summary>Number of decoder layers.</summary>
    public const int Layers = 5;

    /// <summary>Number of query heads.</summary>
    public const int Heads = 4;

    /// <summary>Number of key and value heads.</summary>
    public const int KeyValueHeads = 2;

    /// <summary>Length of one head.</summary>
    public const int HeadLength = Hidden / Heads;

    /// <summary>Length of the gated hidden layer.</summary>
    public const int Intermediate = 352;

    /// <summary>Added to the mean square in RMSNorm.</summary>
    public const double NormEpsilon = 1e-5;

    /// <summary>Base of the rotary frequencies.</summary>
    public const double RopeTheta = 10000;

    /// <summary>Tokens of a training window.</summary>
    public const int Window = 256;

    /// <summary>Every weight's name and shape, in the published layout.</summary>
    public IEnumerable<(string Name, long[] Shape)> Weights()
    {
        yield return ("model.embed_tokens.weight", [Vocabulary, Hidden]);
        for (var layer = 0; layer < Layers; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            yield return (prefix + "input_layernorm.weight", [Hidden]);
            yield return (prefix + "self_attn.q_proj.weight", [Heads * HeadLength, Hidden]);
            yield return (prefix + "self_attn.k_proj.weight", [KeyValueHeads * HeadLength, Hidden]);
            yield return (prefix + "self_attn.v_proj.weight", [KeyValueHeads * HeadLength, Hidden]);
            yield return (prefix + "self_attn.o_proj.weight", [Hidden, Heads * HeadLength]);
            yield return (prefix + "post_attention_layernorm.weight", [Hidden]);
            yield return (prefix + "mlp.gate_proj.weight", [Intermediate, Hidden]);
            yield return (prefix + "mlp.up_proj.weight", [Intermediate, Hidden]);
            yield return (prefix + "mlp.down_proj.weight", [Hidden, Intermediate]);
        }

        yield return ("model.norm.weight", [Hidden]);
    }
}
