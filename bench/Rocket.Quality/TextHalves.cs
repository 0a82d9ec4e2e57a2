namespace Rocket.Quality;

/// <summary>A text in two halves, so that what calibrates a model is not what it is measured on.</summary>
internal static class TextHalves
{
    /// <summary>Writes the halves of a text, divided at the first heading behind its middle.</summary>
    /// <param name="text">The whole, whose headings are lines such as <c> = Title = </c>.</param>
    /// <param name="folder">Where the halves go.</param>
    public static (StudyText First, StudyText Second) Write(StudyText text, string folder)
    {
        string[] lines = File.ReadAllLines(text.Path);
        int heading = Enumerable.Range(lines.Length / 2, lines.Length / 2).First(i => lines[i].StartsWith(" = ", StringComparison.Ordinal) && !lines[i].StartsWith(" = = ", StringComparison.Ordinal));
        Directory.CreateDirectory(folder);
        return (Put("first", lines[..heading]), Put("second", lines[heading..]));

        StudyText Put(string half, string[] part)
        {
            string path = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(text.Path)}-{half}.txt");
            File.WriteAllText(path, string.Join('\n', part) + "\n");
            return text with { Path = path };
        }
    }
}
