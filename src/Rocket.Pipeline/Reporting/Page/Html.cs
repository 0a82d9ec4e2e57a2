using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Rocket.Pipeline.Reporting.Page;

/// <summary>Elements of a page. Names and texts of files become text, never markup.</summary>
internal static class Html
{
    private static readonly HashSet<string> Void = ["meta", "input", "br", "hr", "rect", "line", "circle", "path", "polyline"];

    /// <summary>An element with attributes, texts, elements and lists of them; null is left out.</summary>
    public static XElement Element(string name, params object?[] content)
    {
        var element = new XElement(name, content.Select(Clean));

        // An empty element that HTML does not close by itself would swallow what follows.
        if (element.IsEmpty && !Void.Contains(name))
        {
            element.Add("");
        }

        return element;
    }

    /// <summary>An attribute; null: none.</summary>
    public static XAttribute? Attribute(string name, object? value) => value is null ? null : new XAttribute(name, CleanText(Convert.ToString(value, CultureInfo.InvariantCulture)!));

    /// <summary>The class attribute.</summary>
    public static XAttribute Class(string names) => new("class", names);

    /// <summary>A card with its heading, named for those who cannot see it.</summary>
    public static XElement Section(string id, string title, params object?[] content)
        => Element("section", Attribute("id", id), Attribute("aria-labelledby", $"{id}-title"), Element("h2", Attribute("id", $"{id}-title"), title), content);

    /// <summary>A table under its caption, that scrolls by itself where it is wider than the page, with the keyboard too.</summary>
    public static XElement ScrollingTable(string caption, string names, params object?[] content) => Element(
        "div",
        Class("block"),
        Element("p", Class("caption"), Attribute("aria-hidden", "true"), caption),
        Element(
            "div",
            Class("scroll"),
            Attribute("role", "region"),
            Attribute("tabindex", 0),
            Attribute("aria-label", caption),
            Element("table", Class(names), Attribute("aria-label", caption), content)));

    /// <summary>A heading of a column.</summary>
    public static XElement ColumnHead(string text, string? names = null) => Element("th", Attribute("scope", "col"), Attribute("class", names), text);

    /// <summary>A heading of a row.</summary>
    public static XElement RowHead(params object?[] content) => Element("th", Attribute("scope", "row"), content);

    /// <summary>A cell of a number.</summary>
    public static XElement NumberCell(string text) => Element("td", Class("number"), text);

    private static object? Clean(object? content) => content switch
    {
        string text => CleanText(text),
        IEnumerable<object?> many when content is not XElement => many.Select(Clean),
        _ => content,
    };

    // XML knows no control characters, whatever a file's name has in it.
    private static string CleanText(string text)
    {
        try
        {
            return XmlConvert.VerifyXmlChars(text);
        }
        catch (XmlException)
        {
            return string.Concat(text.EnumerateRunes().Select(rune => rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString()));
        }
    }
}
