namespace Rocket.Models.Tokenization.Subwords;

/// <summary>Turns one piece of text into token ids.</summary>
internal abstract class SubwordModel(Vocabulary vocabulary)
{
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <summary>Appends the piece's ids.</summary>
    public abstract void Encode(ReadOnlySpan<char> piece, List<int> ids);
}
