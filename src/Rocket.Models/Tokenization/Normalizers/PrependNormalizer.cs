namespace Rocket.Models.Tokenization.Normalizers;

/// <summary>Begins every text that is not empty with a prefix.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    public override string Normalize(string text) => text.Length == 0 ? text : prefix + text;
}
