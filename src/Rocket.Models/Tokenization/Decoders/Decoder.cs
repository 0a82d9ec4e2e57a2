namespace Rocket.Models.Tokenization.Decoders;

/// <summary>Rewrites a list of tokens towards the text that they stand for; joined, the last decoder's list is the text.</summary>
internal abstract class Decoder
{
    public abstract List<string> Decode(List<string> tokens);
}
