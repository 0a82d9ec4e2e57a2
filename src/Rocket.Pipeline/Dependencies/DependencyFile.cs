using System.Globalization;
using System.Text;

namespace Rocket.Pipeline.Dependencies;

/// <summary>What a build read and wrote, so that another program can tell without the tool whether it has to run again.</summary>
/// <remarks>
/// Lines of tab-separated fields: <c>input</c> and <c>match</c>, <c>output</c> and <c>record</c> with size, ticks and path; <c>missing</c> with
/// the path of an input that was not there; <c>patterns</c> with a folder, followed by its <c>pattern</c> and <c>match</c> lines. Tab, line feed,
/// carriage return and backslash in a path are written <c>\t \n \r \\</c>. A file that ends without <c>end</c> is no dependency file.
/// </remarks>
/// <param name="Inputs">Files that were read, and such that would have been if they were there.</param>
/// <param name="Patterns">Patterns whose files were read.</param>
/// <param name="OutputFolder">The folder that artifacts lie below.</param>
/// <param name="Outputs">Files of artifacts.</param>
/// <param name="Records">Files beside artifacts.</param>
internal sealed record DependencyFile(
    IReadOnlyList<StampedFile> Inputs,
    IReadOnlyList<MatchedPatterns> Patterns,
    string OutputFolder,
    IReadOnlyList<StampedFile> Outputs,
    IReadOnlyList<StampedFile> Records)
{
    private const string Header = "rocket-dependencies 1";
    private const string Footer = "end";

    /// <summary>The file's text.</summary>
    public string Format()
    {
        var text = new StringBuilder();
        text.Append(Header).Append('\n');
        AddFiles("input", Inputs);
        foreach (MatchedPatterns patterns in Patterns)
        {
            AddLine("patterns", patterns.Set.Folder);
            foreach (string pattern in patterns.Set.Patterns)
            {
                AddLine("pattern", pattern);
            }

            AddFiles("match", patterns.Matches);
        }

        AddLine("folder", OutputFolder);
        AddFiles("output", Outputs);
        AddFiles("record", Records);
        return text.Append(Footer).Append('\n').ToString();

        void AddLine(string kind, string value) => text.Append(kind).Append('\t').Append(Escape(value)).Append('\n');

        void AddFiles(string kind, IEnumerable<StampedFile> files)
        {
            foreach (StampedFile file in files)
            {
                if (file.Stamp is { } stamp)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{kind}\t{stamp.Size}\t{stamp.Ticks}\t{Escape(file.Path)}\n");
                }
                else
                {
                    AddLine("missing", file.Path);
                }
            }
        }
    }

    /// <summary>Reads a dependency file; null where it is damaged or of another version.</summary>
    public static DependencyFile? TryParse(string text)
    {
        string[] lines = text.Split('\n');
        if (lines.Length < 3 || lines[0] != Header || lines[^2] != Footer)
        {
            return null;
        }

        List<StampedFile> inputs = [], outputs = [], records = [], matches = [];
        List<MatchedPatterns> sets = [];
        List<string> patterns = [];
        string folder = "";
        foreach (string line in lines.AsSpan(1, lines.Length - 3))
        {
            string[] fields = line.Split('\t');
            switch (fields[0])
            {
                case "missing" when fields.Length == 2:
                    inputs.Add(new StampedFile(Unescape(fields[1]), null));
                    break;
                case "patterns" when fields.Length == 2:
                    patterns = [];
                    matches = [];
                    sets.Add(new MatchedPatterns(new PatternSet(Unescape(fields[1]), patterns), matches));
                    break;
                case "pattern" when fields.Length == 2:
                    patterns.Add(Unescape(fields[1]));
                    break;
                case "folder" when fields.Length == 2:
                    folder = Unescape(fields[1]);
                    break;
                case "input" or "match" or "output" or "record" when TryReadFile(fields) is { } file:
                    (fields[0] switch { "input" => inputs, "match" => matches, "output" => outputs, _ => records }).Add(file);
                    break;
                default:
                    return null;
            }
        }

        return new DependencyFile(inputs, sets, folder, outputs, records);
    }

    private static StampedFile? TryReadFile(string[] fields)
        => fields.Length == 4
            && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out long size)
            && long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
                ? new StampedFile(Unescape(fields[3]), new FileStamp(size, ticks))
                : null;

    private static string Escape(string path) => path
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal);

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var path = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            path.Append(text[i] != '\\' || i + 1 == text.Length ? text[i] : text[++i] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', char other => other });
        }

        return path.ToString();
    }
}
