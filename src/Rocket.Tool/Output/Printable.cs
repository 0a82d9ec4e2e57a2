using System.Globalization;
using System.Text;

namespace Rocket.Tool.Output;

/// <summary>Makes text that came from files harmless: a model's tensor name must not move the cursor or colour a terminal.</summary>
internal static class Printable
{
    /// <summary>The text on one line, without control or formatting characters.</summary>
    public static string Line(string text) => Clean(text.ReplaceLineEndings(" "), keepLines: false);

    /// <summary>The text without control or formatting characters, lines kept.</summary>
    public static string Lines(string text) => Clean(text.ReplaceLineEndings("\n"), keepLines: true).ReplaceLineEndings();

    /// <summary>Text of a model as it comes: lines, tabs and joined emoji stay, what could steer a terminal does not.</summary>
    public static string Text(string text)
        => string.Concat(text.Where(character => !char.IsControl(character) || character is '\n' or '\t'));

    private static string Clean(string text, bool keepLines)
    {
        var clean = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            bool isUnsafe = CharUnicodeInfo.GetUnicodeCategory(character)
                is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            clean.Append(isUnsafe && !(keepLines && character == '\n') ? '\uFFFD' : character);
        }

        return clean.ToString();
    }
}
