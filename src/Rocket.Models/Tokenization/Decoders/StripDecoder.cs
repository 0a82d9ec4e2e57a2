namespace Rocket.Models.Tokenization.Decoders;

/// <summary>Takes up to so many of one character off the beginning and the end of every token.</summary>
internal sealed class StripDecoder(char content, int start, int stop) : Decoder
{
    public override List<string> Decode(List<string> tokens) => tokens.ConvertAll(Strip);

    private string Strip(string token)
    {
        var (first, end) = (0, token.Length);
        while (first < Math.Min(start, token.Length) && token[first] == content)
        {
            first++;
        }

        while (end > Math.Max(token.Length - stop, first) && token[end - 1] == content)
        {
            end--;
        }

        return token[first..end];
    }
}
