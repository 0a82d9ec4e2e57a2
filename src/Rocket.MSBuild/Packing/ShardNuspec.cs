using System.Globalization;
using System.Xml.Linq;

namespace Rocket.MSBuild.Packing;

/// <summary>Descriptions of shard packages, and what the package that people reference says of them.</summary>
internal static class ShardNuspec
{
    private static readonly XNamespace Schema = "http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd";

    /// <summary>Name of a shard package.</summary>
    public static string IdOf(string packageId, int shard) => string.Create(CultureInfo.InvariantCulture, $"{packageId}.Shard{shard + 1}");

    /// <summary>The nuspec of a shard.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">The version of all packages.</param>
    /// <param name="authors">The authors.</param>
    /// <param name="packageId">The package that people reference.</param>
    /// <param name="license">An SPDX expression, or empty.</param>
    /// <param name="files">Files and their places.</param>
    public static XDocument Create(string id, string version, string authors, string packageId, string license, IEnumerable<(string Source, string Target)> files) => new(
        new XElement(
            Schema + "package",
            new XElement(
                Schema + "metadata",
                new XElement(Schema + "id", id),
                new XElement(Schema + "version", version),
                new XElement(Schema + "authors", authors),
                license.Length > 0 ? new XElement(Schema + "license", new XAttribute("type", "expression"), license) : null,
                new XElement(Schema + "description", $"A part of the models of {packageId}: reference that package.")),
            new XElement(Schema + "files", files.Select(file => new XElement(Schema + "file", new XAttribute("src", file.Source), new XAttribute("target", file.Target))))));

    /// <summary>Adds a dependency on every shard, of exactly the package's version, with all its assets; does nothing where they are there.</summary>
    /// <returns>Whether the document was changed.</returns>
    public static bool AddDependencies(XDocument nuspec, string packageId, int shards)
    {
        XElement metadata = nuspec.Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        XNamespace schema = metadata.Name.Namespace;
        if (metadata.Descendants(schema + "dependency").Any(dependency => (string?)dependency.Attribute("id") == IdOf(packageId, 0)))
        {
            return false;
        }

        string version = metadata.Element(schema + "version")!.Value;
        XElement? dependencies = metadata.Element(schema + "dependencies");
        if (dependencies is null)
        {
            metadata.Add(dependencies = new XElement(schema + "dependencies"));
        }

        XElement[] groups = [.. dependencies.Elements(schema + "group")];
        foreach (XElement group in groups.Length > 0 ? groups : [dependencies])
        {
            group.Add(Enumerable.Range(0, shards).Select(shard => new XElement(
                schema + "dependency", new XAttribute("id", IdOf(packageId, shard)), new XAttribute("version", $"[{version}]"), new XAttribute("include", "All"))));
        }

        return true;
    }
}
