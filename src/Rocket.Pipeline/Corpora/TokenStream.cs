using System.Diagnostics.CodeAnalysis;
using System.Text;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Corpora;

/// <summary>A corpus as one sequence of token ids, and what it weighs as text.</summary>
/// <param name="Ids">The T token ids.</param>
/// <param name="Words">Words of the whole text, separated by white space; null for a corpus of ids.</param>
/// <param name="Bytes">UTF-8 bytes of the whole text; null for a corpus of ids.</param>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "A stream of tokens is the field's word.")]
public sealed record TokenStream(int[] Ids, long? Words, long? Bytes)
{
    private const string Between = "\n\n";

    /// <summary>
    /// Tokenizes documents and concatenates their ids. A tokenizer that adds BOS gets them one by one, with its special tokens;
    /// any other gets one text, joined by two newlines, without. Words and bytes are those of the joined text either way.
    /// </summary>
    /// <param name="documents">Documents of one kind.</param>
    /// <param name="encode">Text, and whether special tokens are added, to ids; null where the model has no tokenizer.</param>
    /// <param name="addsBos">Whether the tokenizer begins a text with BOS.</param>
    /// <param name="location">The place that names the corpus, for errors.</param>
    /// <exception cref="RocketException">No document (RKT3102), both kinds (RKT3109), or text without a tokenizer (RKT3110).</exception>
    public static TokenStream Concatenate(IEnumerable<Document> documents, Func<string, bool, int[]>? encode, bool addsBos, SourceLocation? location = null)
    {
        ArgumentNullException.ThrowIfNull(documents);
        List<int> ids = [];
        StringBuilder text = new();
        bool? isText = null;
        foreach (Document document in documents)
        {
            isText ??= document.Text is not null;
            if (isText != document.Text is not null)
            {
                throw CorpusErrors.MixedDocuments(document.Location);
            }

            if (document.Text is null)
            {
                ids.AddRange(document.Ids!);
                continue;
            }

            if (encode is null)
            {
                throw CorpusErrors.NoTokenizer(document.Location);
            }

            if (addsBos)
            {
                ids.AddRange(encode(document.Text, true));
            }

            text.Append(text.Length > 0 ? Between : "").Append(document.Text);
        }

        if (isText is null)
        {
            throw CorpusErrors.Empty(location);
        }

        if (isText == false)
        {
            return new TokenStream([.. ids], null, null);
        }

        string whole = text.ToString();
        return new TokenStream(addsBos ? [.. ids] : encode!(whole, false), CountWords(whole), Encoding.UTF8.GetByteCount(whole));
    }

    private static long CountWords(string text)
    {
        long words = 0;
        bool isInside = false;
        foreach (char character in text)
        {
            bool isSpace = char.IsWhiteSpace(character);
            words += !isSpace && !isInside ? 1 : 0;
            isInside = !isSpace;
        }

        return words;
    }
}
