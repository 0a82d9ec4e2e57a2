using System.Collections.Immutable;
using System.Text;
using System.Xml.Linq;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Reporting.Page;
using static Rocket.Pipeline.Reporting.Page.Html;

namespace Rocket.Pipeline.Reporting;

/// <summary><c>report.html</c> over all budgets of a model: one file that needs no other and asks no network.</summary>
public static class ReportPage
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "report.html";

    private const string RecordPattern = "*.run.json";
    private const string StyleResource = "report.css";

    /// <summary>The model folders of a folder that hold records: itself, or those right below it.</summary>
    /// <exception cref="RocketException">RKT6202: there is none.</exception>
    public static ImmutableArray<string> ModelFolders(string folder)
    {
        ImmutableArray<string> found = !Directory.Exists(folder) ? []
            : Records(folder).Length > 0 ? [folder]
            : [.. Directory.GetDirectories(folder).Where(inner => Records(inner).Length > 0).Order(StringComparer.Ordinal)];
        return found.IsEmpty ? throw ReportErrors.NoRecords(folder) : found;
    }

    /// <summary>Writes the page of a model folder from the records in it.</summary>
    /// <param name="folder">The folder <c>OUTPUT/MODEL</c>.</param>
    /// <returns>Path of the page.</returns>
    /// <exception cref="RocketException">RKT6202: there is no record; RKT6201, RKT6005: one is damaged; RKT6001: the page cannot be written.</exception>
    public static string Write(string folder)
    {
        string path = Path.Combine(folder, FileName);
        byte[] content = Encoding.UTF8.GetBytes(Create(folder));
        if (!IsThere(path, content))
        {
            WholeFile.Write(path, content);
        }

        return path;
    }

    /// <summary>The page: the same records, the same text.</summary>
    internal static string Create(string folder)
    {
        string[] records = Records(folder);
        if (records.Length == 0)
        {
            throw ReportErrors.NoRecords(folder);
        }

        ImmutableArray<ReportBudget> budgets = [.. records.Select(ReportBudget.Read).OrderByDescending(budget => budget.Record.Bytes).ThenBy(budget => budget.Name, StringComparer.Ordinal)];
        XElement body = Element(
            "body",
            Element("a", Class("skip"), Attribute("href", "#main"), "Skip to the content"),
            HeaderSection.Create(budgets),
            Element(
                "main",
                Attribute("id", "main"),
                GlanceSection.Create(budgets),
                LossSection.Create(budgets),
                QualitySection.Create(budgets),
                PlanSection.Create(budgets),
                CostSection.Create(budgets),
                OriginSection.Create(budgets),
                LoadSection.Create(budgets)),
            Element("footer", "Made by Rocket from the records beside this page. Sizes are decimal: 1 MB is 1 000 000 bytes."));
        return Head(budgets[0].Record.Model, PlanSection.Style(budgets)) + body.ToString(SaveOptions.DisableFormatting) + "</html>\n";
    }

    private static string[] Records(string folder) => [.. Directory.GetFiles(folder, RecordPattern).Order(StringComparer.Ordinal)];

    private static string Head(string model, string style) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/>
        {Element("title", $"{model}: compression report").ToString(SaveOptions.DisableFormatting)}
        <link rel="icon" href="data:,"/>
        <style>
        {StyleSheet()}{style}</style>
        </head>

        """;

    private static string StyleSheet()
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream(StyleResource)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static bool IsThere(string path, byte[] content)
    {
        try
        {
            return File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OutputErrors.CannotWrite(path, exception);
        }
    }
}
