using System.Text;

namespace Rocket.Pipeline.Caching.Remote;

/// <summary>Finds a machine's login in the text of a <c>.netrc</c>, as curl reads it.</summary>
internal static class Netrc
{
    /// <summary>The login of the first entry for the host, or of the <c>default</c> entry; null where neither is there or complete.</summary>
    public static (string User, string Password)? Find(string text, string host)
    {
        bool isOurs = false;
        string? user = null;
        string? password = null;
        using IEnumerator<string> tokens = Tokens(text).GetEnumerator();
        while (tokens.MoveNext())
        {
            switch (tokens.Current)
            {
                case "machine" or "default" when isOurs && user is not null && password is not null:
                    return (user, password);
                case "machine":
                    isOurs = tokens.MoveNext() && string.Equals(tokens.Current, host, StringComparison.OrdinalIgnoreCase);
                    (user, password) = (null, null);
                    break;
                case "default":
                    isOurs = true;
                    (user, password) = (null, null);
                    break;
                case "login" when tokens.MoveNext():
                    user = tokens.Current;
                    break;
                case "password" when tokens.MoveNext():
                    password = tokens.Current;
                    break;
                case "account":
                    tokens.MoveNext();
                    break;
            }
        }

        return isOurs && user is not null && password is not null ? (user, password) : null;
    }

    private static IEnumerable<string> Tokens(string text)
    {
        bool isMacro = false;
        foreach (string line in text.Split('\n').Select(line => line.TrimEnd('\r')))
        {
            // A macro ends at the first empty line.
            if (isMacro)
            {
                isMacro = line.Trim().Length > 0;
                continue;
            }

            int at = 0;
            while (NextToken(line, ref at) is { } token)
            {
                if (token == "macdef")
                {
                    isMacro = true;
                    break;
                }

                yield return token;
            }
        }
    }

    // A token ends at a blank; in quotes it may hold blanks, and a backslash escapes. "#" before a token begins a comment.
    private static string? NextToken(string line, ref int at)
    {
        while (at < line.Length && char.IsWhiteSpace(line[at]))
        {
            at++;
        }

        if (at == line.Length || line[at] == '#')
        {
            return null;
        }

        var token = new StringBuilder();
        bool isQuoted = line[at] == '"';
        for (at += isQuoted ? 1 : 0; at < line.Length && (isQuoted ? line[at] != '"' : !char.IsWhiteSpace(line[at])); at++)
        {
            if (isQuoted && line[at] == '\\' && at + 1 < line.Length)
            {
                at++;
                token.Append(line[at] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', char other => other });
            }
            else
            {
                token.Append(line[at]);
            }
        }

        at += isQuoted && at < line.Length ? 1 : 0;
        return token.ToString();
    }
}
