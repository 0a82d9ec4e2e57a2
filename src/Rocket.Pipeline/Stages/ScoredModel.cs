using Rocket.Compression.Native;
using Rocket.Models.Scoring;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Stages;

/// <summary>A model whose answers are kept.</summary>
/// <param name="Key">Digest of its content, and of what runs it where that is not libtorch on the processor.</param>
/// <param name="Tokenizer">Digest of its tokenizer.</param>
/// <param name="Encode">Text to token ids.</param>
/// <param name="Open">Loads it; called only where an answer is missing.</param>
public sealed record ScoredModel(Digest Key, Digest Tokenizer, Func<string, int[]> Encode, Func<ITokenScorer> Open)
{
    /// <summary>The key of a model that libtorch runs on a device.</summary>
    public static Digest KeyOn(ComputeDevice device, Digest content)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.IsCpu ? content : new KeyBuilder("torch", 1).Add("model", content).Add("device", device).Build();
    }
}
