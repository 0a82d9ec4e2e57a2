namespace Rocket.Models.Tokenization.Normalizers;

/// <summary>Normalizers one after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<Normalizer> steps) : Normalizer
{
    public override string Normalize(string text) => steps.Aggregate(text, (current, step) => step.Normalize(current));
}
