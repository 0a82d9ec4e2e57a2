using Rocket.Models.Diagnostics;
using Rocket.Models.Tokenization.Json;

namespace Rocket.Models.Tokenization;

/// <summary>Text to token ids and back, as the model's own tokenizer files define it; immutable and thread-safe.</summary>
/// <remarks>
/// The pipeline is Rocket's own. Microsoft.ML.Tokenizers 2.0.1 does not reproduce the reference ids: its <c>BpeTokenizer</c> takes no
/// normalizer, pre-tokenizer, post-processor or decoder from tokenizer.json, knows no lstrip, rstrip or single_word of added tokens,
/// no <c>ignore_merges</c> and no byte fallback; its <c>SentencePieceTokenizer</c> ignores <c>remove_extra_whitespaces</c> and encodes a
/// text of a single character ("0", a tab) to nothing: 11 of the 194 reference texts differ.
/// </remarks>
public abstract class Tokenizer
{
    private const string PipelineFile = "tokenizer.json";
    private const string SentencePieceFile = "tokenizer.model";

    /// <summary>Names of the files of which <see cref="Load"/> reads the first that is there.</summary>
    public static IReadOnlyList<string> CandidateFiles { get; } = [PipelineFile, SentencePieceFile];

    /// <summary>One more than the greatest token id, added tokens included.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Whether <see cref="Encode"/> with special tokens puts a token before the text's own.</summary>
    public abstract bool AddsBeginOfSequence { get; }

    /// <summary>Reads a folder's tokenizer: tokenizer.json if it is there, else the SentencePiece model tokenizer.model.</summary>
    /// <exception cref="RocketException">RKT2401 to RKT2410: it is missing, malformed, or uses what is not supported.</exception>
    public static Tokenizer Load(string folder)
    {
        var file = FilesIn(folder) is [var only] ? only : throw TokenizerErrors.Missing(folder);
        return Path.GetFileName(file) == PipelineFile ? TokenizerJson.Read(file, ReadFile(file)) : SentencePieceTokenizer.Load(file);
    }

    /// <summary>The paths of the files that <see cref="Load"/> reads, for content hashing; empty where there is no tokenizer.</summary>
    public static IReadOnlyList<string> FilesIn(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string[] candidates = [Path.Combine(folder, PipelineFile), Path.Combine(folder, SentencePieceFile)];
        return Array.Find(candidates, File.Exists) is { } found ? [found] : [];
    }

    /// <summary>The token ids of a text; special tokens written in the text are recognised either way.</summary>
    /// <param name="text">Any string; a lone surrogate counts as U+FFFD.</param>
    /// <param name="addSpecialTokens">Whether the post-processor adds its tokens (beginning of sequence and the like).</param>
    public abstract int[] Encode(string text, bool addSpecialTokens);

    /// <summary>The text of token ids; ids outside the vocabulary, which a padded embedding has, stand for nothing.</summary>
    /// <param name="ids">The token ids.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out of the text.</param>
    public abstract string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens);

    private protected static byte[] ReadFile(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TokenizerErrors.Unreadable(file, e);
        }
    }

    /// <summary>The text with every lone surrogate replaced by U+FFFD, so that it is a sequence of code points.</summary>
    private protected static string WellFormed(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0
            ? text
            : string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
    }
}
