using System.Text;

namespace Rocket.Models.Tokenization.SentencePiece;

/// <summary>SentencePiece's treatment of spaces: surplus ones removed, a dummy one before the text, each written as U+2581.</summary>
/// <remarks>Only U+0020 is a space; at the end a U+2581 of the text counts as one too, as in the reference.</remarks>
internal sealed class SpaceNormalizer(SentencePieceModel model, UserDefinedPieces userDefined)
{
    public const char VisibleSpace = '\u2581';

    private readonly char _space = model.EscapesSpaces ? VisibleSpace : ' ';

    public string Normalize(string text)
    {
        var start = model.RemovesExtraSpaces ? text.Length - text.AsSpan().TrimStart(' ').Length : 0;
        if (start == text.Length)
        {
            return "";
        }

        var output = new StringBuilder(text.Length + 1);
        if (model.AddsDummyPrefix)
        {
            output.Append(_space);
        }

        var afterSpace = model.RemovesExtraSpaces;
        while (start < text.Length)
        {
            var length = Math.Max(1, userDefined.LengthAt(text, start));
            var part = text.AsSpan(start, length);
            start += length;
            if (afterSpace)
            {
                part = part.TrimStart(' ');
            }

            if (part.Length > 0)
            {
                foreach (var c in part)
                {
                    output.Append(c == ' ' ? _space : c);
                }

                afterSpace = model.RemovesExtraSpaces && part[^1] == ' ';
            }
        }

        while (model.RemovesExtraSpaces && output.Length > 0 && output[^1] == _space)
        {
            output.Length--;
        }

        return output.ToString();
    }
}
