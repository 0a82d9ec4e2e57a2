namespace Rocket.Tool.Tests.Documentation;

/// <summary>A command of a fenced block of a document.</summary>
/// <param name="Document">The document, relative to the repository.</param>
/// <param name="Line">Its line in it.</param>
/// <param name="Text">The command.</param>
public sealed record CommandBlock(string Document, int Line, string Text)
{
    private const string Fence = "```";
    private const string Tool = "dotnet rocket ";
    private const string ToolInClone = "dotnet run -c Release --project src/Rocket.Tool -- ";

    private static readonly string[] Folders = ["", "docs", Path.Combine("samples", "little-stories")];

    /// <summary>The tool's arguments; null: another program's command.</summary>
    public string[]? Arguments => Text.StartsWith(Tool, StringComparison.Ordinal) ? Text[Tool.Length..].Split(' ')
        : Text.StartsWith(ToolInClone, StringComparison.Ordinal) ? Text[ToolInClone.Length..].Split(' ')
        : null;

    /// <summary>Every command of every document: each line of a fenced block that names no language.</summary>
    public static IEnumerable<CommandBlock> All()
    {
        string root = SharedData.Repository();
        foreach (string path in Folders.SelectMany(folder => Directory.GetFiles(Path.Combine(root, folder), "*.md")).Where(path => Path.GetFileName(path) != "CHANGELOG.md").Order(StringComparer.Ordinal))
        {
            bool isInside = false;
            bool isCommand = false;
            string[] lines = File.ReadAllLines(path);
            for (int i = 0; i < lines.Length; i++)
            {
                if (lines[i].StartsWith(Fence, StringComparison.Ordinal))
                {
                    isInside = !isInside;
                    isCommand = isInside && lines[i].Trim() is Fence or Fence + "sh" or Fence + "bash";
                }
                else if (isInside && isCommand && lines[i].Trim().Length > 0)
                {
                    yield return new(Path.GetRelativePath(root, path), i + 1, lines[i].Trim());
                }
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Document}({Line}): {Text}";
}
