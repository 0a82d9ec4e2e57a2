namespace Rocket.Models.Tokenization.PreTokenizers;

/// <summary>A stretch of a string; pre-tokenizers cut it into shorter ones.</summary>
/// <param name="Text">The string it lies in.</param>
/// <param name="Start">Where it begins, in UTF-16 units.</param>
/// <param name="Length">Its length in UTF-16 units.</param>
/// <param name="StartsText">Whether it begins where the whole text begins.</param>
internal readonly record struct TextSpan(string Text, int Start, int Length, bool StartsText)
{
    public ReadOnlySpan<char> Chars => Text.AsSpan(Start, Length);

    public static TextSpan Whole(string text, bool startsText) => new(text, 0, text.Length, startsText);

    /// <summary>The part from <paramref name="start"/> to <paramref name="end"/>, counted from this span's beginning.</summary>
    public TextSpan Part(int start, int end) => new(Text, Start + start, end - start, StartsText && start == 0);
}
