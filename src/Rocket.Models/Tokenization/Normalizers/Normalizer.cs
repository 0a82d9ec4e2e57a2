namespace Rocket.Models.Tokenization.Normalizers;

/// <summary>Rewrites text before it is split into words.</summary>
internal abstract class Normalizer
{
    public abstract string Normalize(string text);
}
