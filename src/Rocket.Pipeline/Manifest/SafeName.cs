using System.Text.RegularExpressions;

namespace Rocket.Pipeline.Manifest;

/// <summary>Says which names of models and budgets can be folders on every system.</summary>
internal static partial class SafeName
{
    /// <summary>Whether the name is one, and is no name that lies beside the artifacts (<c>r30.run.json</c>, <c>report.html</c>).</summary>
    public static bool IsSafe(string name) =>
        Allowed().IsMatch(name)
        && !name.EndsWith('.')
        && !name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
        && !name.EndsWith(".html", StringComparison.OrdinalIgnoreCase)
        && !Device().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Allowed();

    // Windows reserves these with any extension.
    [GeneratedRegex(@"\A(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?\z", RegexOptions.IgnoreCase)]
    private static partial Regex Device();
}
