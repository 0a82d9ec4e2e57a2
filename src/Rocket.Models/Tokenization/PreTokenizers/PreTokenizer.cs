namespace Rocket.Models.Tokenization.PreTokenizers;

/// <summary>Cuts text into the pieces that the subword model sees one by one.</summary>
internal abstract class PreTokenizer
{
    /// <summary>Appends the pieces of a span, empty ones left out.</summary>
    public abstract void Split(TextSpan span, List<TextSpan> pieces);
}
