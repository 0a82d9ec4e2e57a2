using System.Text.RegularExpressions;

namespace LittleStories;

/// <summary>Makes "a" agree with the word that a template put after it.</summary>
internal static partial class Articles
{
    /// <summary>Writes "an" before a vowel.</summary>
    public static string Agree(string text) => BeforeVowel().Replace(text, "$1n ");

    [GeneratedRegex(@"\b([Aa]) (?=[aeioAEIO]|umbrella|upset)")]
    private static partial Regex BeforeVowel();
}
