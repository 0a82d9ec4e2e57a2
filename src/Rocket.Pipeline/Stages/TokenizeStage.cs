using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Corpora;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Stages;

/// <summary>Turns text files into token ids, once for every tokenizer and content.</summary>
/// <param name="context">The run.</param>
/// <param name="model">Name of the model.</param>
/// <param name="source">Whose tokenizer.</param>
public sealed class TokenizeStage(BuildContext context, string model, SourceModel source)
{
    /// <summary>The stage's name.</summary>
    public const string Name = "tokenize";

    private const int Version = 1;
    private const string IdsFile = "ids.i32";
    private const string CountsFile = "counts.json";

    /// <summary>Key of the ids: the files' contents and kinds in their order, and the tokenizer.</summary>
    public Digest KeyOf(IEnumerable<CorpusFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        KeyBuilder key = new KeyBuilder(Name, Version).Add("tokenizer", source.DigestOfTokenizer());
        foreach (CorpusFile file in files)
        {
            key.Add("kind", Path.GetExtension(file.Path).ToLowerInvariant()).Add("content", context.Memo.DigestOf(file.Path));
        }

        return key.Build();
    }

    /// <summary>The ids of all documents of the files, and the words and bytes of their text.</summary>
    /// <param name="files">The files in their order.</param>
    /// <param name="location">The place that names them, for errors.</param>
    public TokenStream Load(ImmutableArray<CorpusFile> files, SourceLocation? location)
    {
        Digest key = KeyOf(files);
        var label = new ActionLabel(Name, model);
        string ids = context.ObtainFile(key, label, IdsFile, () => Run(files, location));
        string counts = context.ObtainFile(key, label, CountsFile, () => Run(files, location));
        Counts read = JsonSerializer.Deserialize<Counts>(File.ReadAllBytes(counts)) ?? throw new InvalidDataException("The counts are empty.");
        return new TokenStream(MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(ids)).ToArray(), read.Words, read.Bytes);
    }

    private IEnumerable<OutputFile> Run(ImmutableArray<CorpusFile> files, SourceLocation? location)
    {
        bool hasTokenizer = Tokenizer.FilesIn(source.Folder).Count > 0;
        TokenStream stream = TokenStream.Concatenate(
            CorpusReader.ReadAll(files),
            hasTokenizer ? source.Tokenizer.Encode : null,
            hasTokenizer && source.Tokenizer.AddsBeginOfSequence,
            location);
        return
        [
            context.Put(IdsFile, MemoryMarshal.AsBytes(stream.Ids.AsSpan())),
            context.Put(CountsFile, JsonSerializer.SerializeToUtf8Bytes(new Counts(stream.Words, stream.Bytes))),
        ];
    }

    private sealed record Counts(long? Words, long? Bytes);
}
