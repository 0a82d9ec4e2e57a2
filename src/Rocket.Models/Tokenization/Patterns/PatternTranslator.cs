using System.Text;

namespace Rocket.Models.Tokenization.Patterns;

/// <summary>Rewrites a regular expression of the tokenizers library (Oniguruma, Ruby syntax) into one of .NET that matches the same.</summary>
/// <remarks>
/// Two things differ silently: under <c>(?i)</c> Oniguruma folds U+017F with <c>s</c> and U+212A with <c>k</c>, .NET does not always; and
/// in a class Oniguruma reads <c>[</c> and <c>&amp;&amp;</c> as set operations. The first is written out, the second refused. What .NET does
/// not know (possessive quantifiers, <c>\h</c>, scripts) its own parser refuses.
/// </remarks>
internal static class PatternTranslator
{
    /// <summary>The pattern for .NET.</summary>
    /// <exception cref="NotSupportedException">A construct that the two read differently.</exception>
    public static string Translate(string pattern)
    {
        var output = new StringBuilder(pattern.Length + 16);
        var ignoreCase = new Stack<bool>([false]);
        var classStart = -1;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (char.IsSurrogate(c))
            {
                throw new NotSupportedException("it names a code point beyond U+FFFF");
            }

            if (c == '\\' && i + 1 < pattern.Length)
            {
                output.Append(c).Append(pattern[++i]);
            }
            else if (classStart >= 0)
            {
                classStart = InsideClass(pattern, i, classStart, ignoreCase.Peek(), output);
            }
            else if (c == '[')
            {
                output.Append(c);
                classStart = i + 1 < pattern.Length && pattern[i + 1] == '^' ? i + 2 : i + 1;
            }
            else if (c == '(')
            {
                ignoreCase.Push(OpensCaseInsensitive(pattern, i, ignoreCase));
                output.Append(c);
            }
            else
            {
                if (c == ')' && ignoreCase.Count > 1)
                {
                    ignoreCase.Pop();
                }

                AppendLiteral(c, ignoreCase.Peek(), output);
            }
        }

        return output.ToString();
    }

    /// <summary>Copies one unit of a class; returns where the class began, or -1 where it ends.</summary>
    private static int InsideClass(string pattern, int i, int classStart, bool ignoreCase, StringBuilder output)
    {
        var c = pattern[i];
        if (c == '[' || (c == '&' && i + 1 < pattern.Length && pattern[i + 1] == '&'))
        {
            throw new NotSupportedException("it has a set operation or a POSIX bracket in a character class");
        }

        if (c == ']' && i > classStart)
        {
            var body = pattern[classStart..i];
            output.Append(ignoreCase && Covers(body, 's') ? "\u017F" : "").Append(ignoreCase && Covers(body, 'k') ? "\u212A" : "").Append(c);
            return -1;
        }

        output.Append(c);
        return classStart;
    }

    private static void AppendLiteral(char c, bool ignoreCase, StringBuilder output) => _ = (ignoreCase, c) switch
    {
        (true, 's' or 'S') => output.Append("[sS\u017F]"),
        (true, 'k' or 'K') => output.Append("[kK\u212A]"),
        _ => output.Append(c),
    };

    private static bool OpensCaseInsensitive(string pattern, int i, Stack<bool> outer)
    {
        if (i + 2 >= pattern.Length || pattern[i + 1] != '?')
        {
            return outer.Peek();
        }

        var end = pattern.IndexOfAny([':', ')'], i + 2);
        var flags = end < 0 ? "" : pattern[(i + 2)..end];
        if (flags.Length == 0 || flags.AsSpan().IndexOfAnyExcept("imsx-") >= 0)
        {
            return outer.Peek();
        }

        if (flags != "i")
        {
            throw new NotSupportedException($"it sets the options '{flags}'");
        }

        if (pattern[end] == ')')
        {
            // "(?i)" holds to the end of the enclosing group, whose own entry changes with it.
            outer.Pop();
            outer.Push(true);
        }

        return true;
    }

    private static bool Covers(string body, char letter)
    {
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] == '\\')
            {
                i++;
                continue;
            }

            var last = i + 2 < body.Length && body[i + 1] == '-' ? body[i + 2] : body[i];
            if ((body[i] <= letter && letter <= last) || (body[i] <= char.ToUpperInvariant(letter) && char.ToUpperInvariant(letter) <= last))
            {
                return true;
            }
        }

        return false;
    }
}
