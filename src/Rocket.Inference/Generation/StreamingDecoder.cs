using System.Runtime.InteropServices;
using Rocket.Models.Tokenization;

namespace Rocket.Inference.Generation;

/// <summary>Turns tokens into text as they come, never cutting a character that several tokens make up.</summary>
public sealed class StreamingDecoder(Tokenizer tokenizer, bool skipsSpecialTokens = true)
{
    private const char Incomplete = '\uFFFD';

    // A character has at most four bytes: what is still broken after this many tokens stays broken.
    private const int MostHeld = 12;

    private readonly List<int> _tokens = [];
    private string _shown = "";
    private int _shownTokens;

    /// <summary>Takes a token and returns the text that is certain now; empty while a character is incomplete.</summary>
    public string Append(int token)
    {
        _tokens.Add(token);
        string text = tokenizer.Decode(CollectionsMarshal.AsSpan(_tokens), skipsSpecialTokens);
        return text.EndsWith(Incomplete) && _tokens.Count - _shownTokens < MostHeld ? "" : Show(text);
    }

    /// <summary>The text that was held back, at the end.</summary>
    public string Flush() => _tokens.Count == _shownTokens ? "" : Show(tokenizer.Decode(CollectionsMarshal.AsSpan(_tokens), skipsSpecialTokens));

    // The last shown tokens stay: whether a token begins with a space may depend on the one before it.
    private string Show(string text)
    {
        string fresh = text.StartsWith(_shown, StringComparison.Ordinal) ? text[_shown.Length..] : "";
        if (fresh.Length > 0)
        {
            _tokens.RemoveRange(0, _shownTokens);
            _shown = tokenizer.Decode(CollectionsMarshal.AsSpan(_tokens), skipsSpecialTokens);
        }
        else
        {
            _shown = text;
        }

        _shownTokens = _tokens.Count;
        return fresh;
    }
}
