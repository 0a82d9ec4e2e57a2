using Rocket.Models.Checkpoints;
using Rocket.Models.Tokenization;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Sources;

/// <summary>The content of any model folder, dense or an artifact, as a digest: what a measurement of it is kept by.</summary>
public static class ModelFolderDigest
{
    private const int Version = 1;

    /// <summary>Digest of description, weights and tokenizer.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="memo">Digests of files.</param>
    /// <exception cref="Models.Diagnostics.RocketException">RKT2xxx: the folder holds no model.</exception>
    public static Digest Of(string folder, FileDigestMemo memo)
    {
        ArgumentNullException.ThrowIfNull(memo);
        using Checkpoint checkpoint = Checkpoint.Open(folder);
        return new KeyBuilder("model-folder", Version)
            .Add("config", memo.DigestOf(Path.Combine(folder, "config.json")))
            .Add("weights", checkpoint.Files.Order(StringComparer.Ordinal).Select(memo.DigestOf))
            .Add("tokenizer", TokenizerOf(folder, memo))
            .Build();
    }

    /// <summary>Digest of a folder's tokenizer.</summary>
    public static Digest TokenizerOf(string folder, FileDigestMemo memo)
    {
        ArgumentNullException.ThrowIfNull(memo);
        return new KeyBuilder("tokenizer", Version).Add("files", Tokenizer.FilesIn(folder).Select(memo.DigestOf)).Build();
    }
}
