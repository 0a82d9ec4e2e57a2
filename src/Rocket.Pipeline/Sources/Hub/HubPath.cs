using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Sources.Hub;

/// <summary>Names that come from the hub and become files.</summary>
internal static class HubPath
{
    /// <summary>Checks that a path stays within its folder on every system.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT2357: it does not.</exception>
    public static string Checked(string repository, string path)
    {
        bool isSafe = path.Length is > 0 and <= 1024
            && !path.Any(letter => letter is '\\' or ':' or '\0' || char.IsControl(letter))
            && path.Split('/').All(name => name is not ("" or "." or "..") && !name.EndsWith('.') && !name.EndsWith(' '));
        return isSafe ? path : throw SourceErrors.UnsafePath(repository, path);
    }

    /// <summary>Whether a text is a name of content, and nothing that could lead elsewhere.</summary>
    public static bool IsContentName(string text) => text.Length is > 0 and <= 128 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    /// <summary>Whether a text is a commit.</summary>
    public static bool IsCommit(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigitLower);
}
