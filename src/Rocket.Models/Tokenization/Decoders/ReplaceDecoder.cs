using Rocket.Models.Tokenization.Normalizers;

namespace Rocket.Models.Tokenization.Decoders;

/// <summary>Puts a fixed text in the place of every match, token by token.</summary>
internal sealed class ReplaceDecoder(ReplaceNormalizer replace) : Decoder
{
    public override List<string> Decode(List<string> tokens) => tokens.ConvertAll(replace.Normalize);
}
