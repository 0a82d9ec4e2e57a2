using Rocket.Models.Architectures.Configuration;
using Rocket.Models.Architectures.Rotary;

namespace Rocket.Models.Architectures.Families;

/// <summary>The pieces that families share, in the Llama layout and under its tensor names; a family says what differs by <c>with</c>.</summary>
internal sealed class DecoderLayout
{
    private const string Embedding = "model.embed_tokens.weight";

    private readonly ConfigObject _config;
    private readonly FamilyDefaults _defaults;
    private readonly float _epsilon;
    private readonly bool _hasAttentionBias;
    private readonly bool _hasFeedForwardBias;

    /// <summary>Reads what every family has, where a family reads its rotary embedding as most do.</summary>
    public DecoderLayout(ConfigObject config, FamilyDefaults defaults)
        : this(config, defaults, RopeReader.Read)
    {
    }

    /// <summary>Reads what every family has: sizes, epsilon, rotary embedding, activation, and biases where the family has their keys.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="defaults">What holds where it is silent.</param>
    /// <param name="rope">Reads the embedding that the layers rotate with.</param>
    public DecoderLayout(ConfigObject config, FamilyDefaults defaults, Func<ConfigObject, ModelSizes, FamilyDefaults, RopeSpec> rope)
    {
        _config = config;
        _defaults = defaults;
        Sizes = ModelSizes.Read(config, defaults);
        Rope = rope(config, Sizes, defaults);
        Activation = Activations.Read(config, defaults.ActivationKey, defaults.Activation);
        _epsilon = (float)(config.OptionalPositive("rms_norm_eps") ?? defaults.Epsilon);
        _hasAttentionBias = defaults.HasAttentionBiasKey && config.Flag("attention_bias", false);
        _hasFeedForwardBias = defaults.HasFeedForwardBiasKey && config.Flag("mlp_bias", false);
    }

    /// <summary>The checked sizes.</summary>
    public ModelSizes Sizes { get; }

    /// <summary>The rotary embedding of the layers.</summary>
    public RopeSpec Rope { get; }

    /// <summary>The nonlinearity of the feed-forward networks.</summary>
    public Activation Activation { get; }

    /// <summary>Name of a module of a block.</summary>
    public static string Module(int layer, string name) => $"model.layers.{layer}.{name}";

    /// <summary>A norm of a block.</summary>
    public NormSpec Norm(int layer, string name) => Norm(layer, name, Sizes.Hidden);

    /// <summary>A norm of a block over <paramref name="size"/> dimensions.</summary>
    public NormSpec Norm(int layer, string name, int size) => new(Module(layer, name) + ".weight", size, _epsilon);

    /// <summary>Attention with four projections, scaled by 1/sqrt(head size).</summary>
    /// <param name="layer">Position in the stack.</param>
    /// <param name="hasInputBias">Query, key and value have biases, whatever the configuration says.</param>
    public AttentionSpec Attention(int layer, bool hasInputBias = false) => new()
    {
        Heads = Sizes.Heads,
        KeyValueHeads = Sizes.KeyValueHeads,
        HeadSize = Sizes.HeadSize,
        Query = Linear(Module(layer, "self_attn.q_proj"), Sizes.Hidden, Sizes.QueryWidth, new(InputKind.Attention), hasInputBias || _hasAttentionBias),
        Key = Linear(Module(layer, "self_attn.k_proj"), Sizes.Hidden, Sizes.KeyValueWidth, new(InputKind.Attention), hasInputBias || _hasAttentionBias),
        Value = Linear(Module(layer, "self_attn.v_proj"), Sizes.Hidden, Sizes.KeyValueWidth, new(InputKind.Attention), hasInputBias || _hasAttentionBias),
        Output = Linear(Module(layer, "self_attn.o_proj"), Sizes.QueryWidth, Sizes.Hidden, new(InputKind.AttentionOutput), _hasAttentionBias),
        Scale = (float)(1 / Math.Sqrt(Sizes.HeadSize)),
        Rope = Rope,
    };

    /// <summary>The same with a norm of each head's query and key.</summary>
    public AttentionSpec AttentionWithHeadNorms(int layer) => Attention(layer) with
    {
        QueryNorm = Norm(layer, "self_attn.q_norm", Sizes.HeadSize),
        KeyNorm = Norm(layer, "self_attn.k_norm", Sizes.HeadSize),
    };

    /// <summary>One gated network for all tokens.</summary>
    public FeedForwardSpec FeedForward(int layer) => new(Activation, [Expert(Module(layer, "mlp"), Sizes.Intermediate)]);

    /// <summary>A gated network; <paramref name="index"/> -1 where it is the only one.</summary>
    public ExpertSpec Expert(string module, int width, int index = -1, string gate = "gate_proj", string up = "up_proj", string down = "down_proj")
        => new(
            Linear($"{module}.{gate}", Sizes.Hidden, width, new(InputKind.FeedForward, index), _hasFeedForwardBias),
            Linear($"{module}.{up}", Sizes.Hidden, width, new(InputKind.FeedForward, index), _hasFeedForwardBias),
            Linear($"{module}.{down}", width, Sizes.Hidden, new(InputKind.FeedForwardDown, index), _hasFeedForwardBias));

    /// <summary>A block with a norm before the attention and one before the feed-forward network.</summary>
    public BlockSpec Block(int layer, AttentionSpec attention, FeedForwardSpec feedForward) => new()
    {
        Index = layer,
        Attention = attention,
        FeedForward = feedForward,
        PreAttentionNorm = Norm(layer, "input_layernorm"),
        PreFeedForwardNorm = Norm(layer, "post_attention_layernorm"),
    };

    /// <summary>The whole decoder.</summary>
    public DecoderSpec Decoder(string modelType, Func<int, BlockSpec> block)
    {
        bool isTied = _config.Flag("tie_word_embeddings", _defaults.IsTied);
        return new()
        {
            ModelType = modelType,
            VocabularySize = Sizes.Vocabulary,
            HiddenSize = Sizes.Hidden,
            MaxPositions = Sizes.MaxPositions,
            Embedding = new(Embedding),
            Blocks = [.. Enumerable.Range(0, Sizes.Layers).Select(block)],
            FinalNorm = new("model.norm.weight", Sizes.Hidden, _epsilon),
            Head = new(isTied ? Embedding : "lm_head.weight", isTied),
        };
    }

    private static LinearSpec Linear(string name, int dIn, int dOut, InputSlot input, bool hasBias)
        => new(name, dIn, dOut, input, hasBias ? name + ".bias" : null);
}
