using System.Text;

namespace Rocket.MSBuild.Tool;

/// <summary>The arguments of a run, one a line, as the tool reads them.</summary>
internal static class ResponseFile
{
    /// <summary>The text of a response file: each argument on a line of its own, in quotes.</summary>
    public static string Format(IEnumerable<string> arguments)
    {
        var text = new StringBuilder();
        foreach (string argument in arguments)
        {
            text.Append('"').Append(argument).Append("\"\n");
        }

        return text.ToString();
    }
}
