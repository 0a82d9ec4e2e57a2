using Rocket.Models.Architectures;
using Rocket.Models.Scoring;

namespace Rocket.Inference;

/// <summary>A model folder, dense or an artifact, ready to run: one set of memory-mapped weights for any number of sessions.</summary>
public sealed class RocketModel : ITokenScorer
{
    private RocketModel(string folder, DecoderSpec spec)
    {
        Folder = folder;
        Spec = spec;
    }

    /// <summary>The decoder.</summary>
    public DecoderSpec Spec { get; }

    /// <summary>Full path of the folder that the model was loaded from.</summary>
    public string Folder { get; }

    /// <inheritdoc/>
    public int VocabularySize => Spec.VocabularySize;

    /// <summary>Maps the weights of a folder and checks shapes and masks.</summary>
    /// <param name="folder">The folder with config.json and safetensors.</param>
    /// <param name="options">How to run it; null: the defaults.</param>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT2xxx, RKT6xxx or RKT8xxx: the folder does not hold a model that can be run.</exception>
    public static RocketModel Load(string folder, RocketOptions? options = null)
        => new(Path.GetFullPath(folder), Architecture.Read(Path.Combine(folder, "config.json")));

    /// <summary>Starts an empty sequence. Sessions of one model may run at once, each on its own thread.</summary>
    /// <param name="capacity">Tokens to make room for at once; 0: room grows as it is needed.</param>
    public InferenceSession CreateSession(int capacity = 0) => new(this);

    /// <inheritdoc/>
    public IReadOnlyList<TokenScore[]> Score(IReadOnlyList<int[]> sequences, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
        => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
