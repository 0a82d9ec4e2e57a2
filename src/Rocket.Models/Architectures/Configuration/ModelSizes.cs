using Rocket.Models.Diagnostics;

namespace Rocket.Models.Architectures.Configuration;

/// <summary>The sizes that every family has, checked against each other.</summary>
internal sealed record ModelSizes
{
    /// <summary>Most blocks; the largest known models have below 200.</summary>
    public const int MaxLayers = 10_000;

    /// <summary>Most experts of all blocks together.</summary>
    public const int MaxExperts = 200_000;

    /// <summary>Widest layer, and largest vocabulary.</summary>
    public const int MaxWidth = 1 << 24;

    private const int MaxHeadSize = 1 << 16;

    /// <summary>Number of blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Hidden { get; init; }

    /// <summary>Width of the dense feed-forward network.</summary>
    public required int Intermediate { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key/value heads.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Number of token ids.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Longest sequence, in tokens.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Width of all query heads together.</summary>
    public int QueryWidth => Heads * HeadSize;

    /// <summary>Width of all key heads, or all value heads, together.</summary>
    public int KeyValueWidth => KeyValueHeads * HeadSize;

    /// <summary>Reads and checks the sizes.</summary>
    public static ModelSizes Read(ConfigObject config, FamilyDefaults defaults)
    {
        int hidden = config.Size("hidden_size", MaxWidth);
        int heads = config.Size("num_attention_heads", MaxWidth);

        // Only a key that is absent takes the family's number; a null means as many as query heads.
        int keyValueHeads = config.OptionalSize("num_key_value_heads", MaxWidth)
            ?? (config.IsNull("num_key_value_heads") ? heads : defaults.KeyValueHeads ?? heads);
        CheckDivides(config, "num_attention_heads", heads, "num_key_value_heads", keyValueHeads);
        int? headSize = config.OptionalSize("head_dim", MaxHeadSize) ?? (config.IsNull("head_dim") ? null : defaults.HeadSize);
        if (headSize is null)
        {
            CheckDivides(config, "hidden_size", hidden, "num_attention_heads", heads);
            headSize = hidden / heads;
        }

        if ((long)heads * headSize.Value > MaxWidth || headSize > MaxHeadSize)
        {
            throw ArchitectureErrors.OutOfRange(config.File, "head_dim", $"{headSize}", $"at most {MaxHeadSize}, and at most {MaxWidth} for all {heads} heads together");
        }

        return new()
        {
            Layers = config.Size("num_hidden_layers", MaxLayers),
            Hidden = hidden,
            Intermediate = config.Size("intermediate_size", MaxWidth),
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadSize = headSize.Value,
            Vocabulary = config.Size("vocab_size", MaxWidth),
            MaxPositions = config.OptionalSize("max_position_embeddings", int.MaxValue) ?? defaults.MaxPositions,
        };
    }

    private static void CheckDivides(ConfigObject config, string wholeKey, int whole, string partKey, int part)
    {
        if (whole % part != 0)
        {
            throw ArchitectureErrors.DoesNotDivide(config.File, wholeKey, whole, partKey, part);
        }
    }
}
