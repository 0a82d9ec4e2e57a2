using Rocket.Models.Tokenization.PreTokenizers;

namespace Rocket.Models.Tokenization.Decoders;

/// <summary>Turns visible spaces back into spaces; those of the first token are dropped where the pre-tokenizer prepends one.</summary>
internal sealed class MetaspaceDecoder(char replacement, PrependScheme prepend) : Decoder
{
    public override List<string> Decode(List<string> tokens) =>
        [.. tokens.Select((token, i) => i == 0 && prepend != PrependScheme.Never
            ? token.Replace(replacement.ToString(), "", StringComparison.Ordinal)
            : token.Replace(replacement, ' '))];
}
