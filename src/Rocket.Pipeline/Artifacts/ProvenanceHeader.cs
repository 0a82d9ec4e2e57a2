using Rocket.Compression.Factorization;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Artifacts;

/// <summary>What rocket.json says of all artifacts of one model.</summary>
/// <param name="Model">Name of the model in the manifest.</param>
/// <param name="ModelType">The family.</param>
/// <param name="Source">Digest of the source: description, tensors, tokenizer.</param>
/// <param name="SourceBytes">Bytes of the source's safetensors files.</param>
/// <param name="Corpus">Digest of the calibration text's token ids and of what made them.</param>
/// <param name="Samples">Calibration windows.</param>
/// <param name="SequenceLength">Tokens a window.</param>
/// <param name="Seed">Seed of the draw.</param>
/// <param name="BackwardSamples">Windows that the loss was run backwards on; null where the method takes no gradients.</param>
/// <param name="IsSequential">Whether blocks were factorized in order, each for what its compressed predecessors give.</param>
/// <param name="Groups">Groups of windows whose moments were summed for themselves first.</param>
/// <param name="Device">What the passes over text ran on; null: the processor.</param>
public sealed record ProvenanceHeader(string Model, string ModelType, Digest Source, long SourceBytes, Digest Corpus, int Samples, int SequenceLength, long Seed, int? BackwardSamples, bool IsSequential = false, int Groups = 1, string? Device = null)
{
    /// <summary>The steps of the factorization that were taken.</summary>
    public FactorizationSteps Steps { get; init; } = FactorizationSteps.All;
}
