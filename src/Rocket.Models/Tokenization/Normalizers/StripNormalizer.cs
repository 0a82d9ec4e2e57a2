namespace Rocket.Models.Tokenization.Normalizers;

/// <summary>Takes white space off the beginning, the end, or both.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override string Normalize(string text) => (left, right) switch
    {
        (true, true) => text.Trim(),
        (true, false) => text.TrimStart(),
        (false, true) => text.TrimEnd(),
        (false, false) => text,
    };
}
