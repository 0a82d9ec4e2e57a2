using System.Collections.Immutable;
using System.Text.Json;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Sources;

/// <summary>A source model that was opened and checked: its description, its tensors and their digests.</summary>
public sealed class SourceModel : IDisposable
{
    private const int DigestsVersion = 1;
    private const string ConfigFile = "config.json";

    private readonly ImmutableSortedDictionary<string, Digest> _tensorDigests;
    private readonly FileDigestMemo _memo;
    private readonly Lazy<Tokenizer> _tokenizer;

    private SourceModel(string folder, DecoderSpec spec, Checkpoint checkpoint, FileDigestMemo memo, ImmutableSortedDictionary<string, Digest> tensorDigests)
    {
        Folder = folder;
        Spec = spec;
        Checkpoint = checkpoint;
        _memo = memo;
        _tensorDigests = tensorDigests;
        _tokenizer = new Lazy<Tokenizer>(() => Tokenizer.Load(folder));
    }

    /// <summary>Names of files that an artifact takes over where the source has them.</summary>
    internal static IReadOnlyList<string> CompanionFiles { get; } =
        ["generation_config.json", "special_tokens_map.json", "tokenizer_config.json", "chat_template.jinja", "LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE"];

    /// <summary>The folder, in Hugging Face layout.</summary>
    public string Folder { get; }

    /// <summary>The decoder.</summary>
    public DecoderSpec Spec { get; }

    /// <summary>The tensors.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>The tokenizer, loaded on first use: text that comes as ids needs none.</summary>
    public Tokenizer Tokenizer => _tokenizer.Value;

    /// <summary>Path of config.json.</summary>
    public string ConfigPath => ConfigIn(Folder);

    /// <summary>The blocks' linears that may be compressed, in the order of execution.</summary>
    public IEnumerable<(BlockSpec Block, LinearSpec Linear)> Linears
        => Spec.Blocks.SelectMany(block => block.CompressibleLinears.Select(linear => (block, linear)));

    /// <summary>The blocks' tensors that hold several of them.</summary>
    public IEnumerable<(BlockSpec Block, FusedWeight Weight)> FusedWeights
        => Spec.Blocks.SelectMany(block => block.FusedWeights.Select(weight => (block, weight)));

    /// <summary>Opens a folder and checks that every tensor of the decoder is there.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT2xxx: the folder does not hold a model that can be compressed.</exception>
    public static SourceModel Open(string folder, Store store, FileDigestMemo memo)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(memo);
        DecoderSpec spec = Architecture.Read(ConfigIn(folder));
        Checkpoint checkpoint = Checkpoint.Open(folder);
        try
        {
            Architecture.Validate(spec, checkpoint);
            return new SourceModel(folder, spec, checkpoint, memo, DigestsOf(checkpoint, store, memo));
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Full paths of all files that a model folder may hold and that an artifact depends on, whether they are there or not; an index adds its shards.</summary>
    internal static IEnumerable<string> CandidateFiles(string folder)
        => Checkpoint.CandidateFiles.Concat(Tokenizer.CandidateFiles).Concat(CompanionFiles).Prepend(ConfigFile).Select(file => Path.Combine(folder, file));

    /// <summary>Digest of a tensor: its type, its shape and its bytes, wherever it lies.</summary>
    public Digest DigestOf(string tensor) => _tensorDigests[tensor];

    /// <summary>Digest of every tensor, by name.</summary>
    public Digest DigestOfTensors()
    {
        var key = new KeyBuilder("tensors", DigestsVersion);
        foreach ((string name, Digest digest) in _tensorDigests)
        {
            key.Add(name, digest);
        }

        return key.Build();
    }

    /// <summary>Digest of the whole model: description, tensors and tokenizer.</summary>
    public Digest DigestOfModel() => new KeyBuilder("source", DigestsVersion)
        .Add("config", _memo.DigestOf(ConfigPath))
        .Add("tensors", DigestOfTensors())
        .Add("tokenizer", DigestOfTokenizer())
        .Build();

    /// <summary>Digest of the tokenizer's files; of nothing where the folder has none.</summary>
    public Digest DigestOfTokenizer() => new KeyBuilder("tokenizer", DigestsVersion)
        .Add("files", Tokenizer.FilesIn(Folder).Select(_memo.DigestOf))
        .Build();

    /// <inheritdoc/>
    public void Dispose() => Checkpoint.Dispose();

    private static string ConfigIn(string folder) => Path.Combine(folder, ConfigFile);

    // The bytes are hashed once a file: its digest is the key under which those of its tensors are kept.
    private static ImmutableSortedDictionary<string, Digest> DigestsOf(Checkpoint checkpoint, Store store, FileDigestMemo memo)
    {
        var digests = ImmutableSortedDictionary.CreateBuilder<string, Digest>(StringComparer.Ordinal);
        foreach (IGrouping<string, TensorInfo> file in checkpoint.Tensors.GroupBy(tensor => checkpoint.FileOf(tensor.Name)))
        {
            Digest key = new KeyBuilder("tensor-digests", DigestsVersion).Add("file", memo.DigestOf(file.Key)).Build();
            Dictionary<string, string> ofFile = TryRead(store, key) ?? Compute(checkpoint, file, store, key);
            foreach (TensorInfo tensor in file)
            {
                digests.Add(tensor.Name, Digest.Parse(ofFile[tensor.Name]));
            }
        }

        return digests.ToImmutable();
    }

    private static Dictionary<string, string>? TryRead(Store store, Digest key)
        => store.TryGetAction(key)?.Find("digests.json") is { } output && store.TryGetBlob(output.Digest, output.Size) is { } path
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(path))
            : null;

    private static Dictionary<string, string> Compute(Checkpoint checkpoint, IEnumerable<TensorInfo> tensors, Store store, Digest key)
    {
        var digests = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (TensorInfo tensor in tensors)
        {
            TensorView view = checkpoint.Get(tensor.Name);
            if (!FiniteScan.AllFinite(view))
            {
                throw CheckpointErrors.NotFinite(tensor.Name, checkpoint.FileOf(tensor.Name));
            }

            digests.Add(tensor.Name, TensorDigest.Of(view).ToString());
        }

        checkpoint.DropResidentPages();
        (Digest digest, long size) = store.PutBlob(JsonSerializer.SerializeToUtf8Bytes(digests));
        store.PutAction(key, new ActionResult([new OutputFile("digests.json", digest, size)]));
        return digests;
    }
}
