namespace Rocket.Models.Tokenization.PreTokenizers;

/// <summary>Pre-tokenizers one after the other, each on the pieces of the one before.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<PreTokenizer> steps) : PreTokenizer
{
    public override void Split(TextSpan span, List<TextSpan> pieces)
    {
        List<TextSpan> current = [span];
        for (var i = 0; i < steps.Count; i++)
        {
            var next = i == steps.Count - 1 ? pieces : new List<TextSpan>(current.Count);
            foreach (var piece in current)
            {
                steps[i].Split(piece, next);
            }

            current = next;
        }
    }
}
