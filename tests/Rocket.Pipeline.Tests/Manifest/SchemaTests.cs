using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Tests.Manifest;

/// <summary>The JSON Schema of rocket.yaml says what the parser says.</summary>
public sealed partial class SchemaTests
{
    private static readonly string Root = SharedData.Repository();
    private static readonly string SchemaText = File.ReadAllText(Path.Combine(Root, "docs", "rocket.schema.json"));
    private static readonly JsonSchema Schema = JsonSchema.FromText(SchemaText);

    /// <summary>A manifest in which every mapping of the format stands, and beside each what the schema calls it.</summary>
    private static readonly (string Definition, string Marker)[] Mappings =
    [
        ("", "version: 1"),
        ("model", "    source: model"),
        ("calibration", "      samples: 8"),
        ("corpusSource", "          weight: 2"),
        ("budget", "        remove: 30%"),
        ("constraint", "        maxRemoved: 40%"),
        ("evaluate", "      windows: 4"),
        ("grid", "      rho: { from: 1, to: 2, step: 1 }"),
        ("cache", "  maxSize: 20GB"),
        ("cost", "  wattsPerCore: 10"),
    ];

    private const string Complete = """
        version: 1
        models:
          - name: stories
            source: model
            calibration:
              corpus:
                - files: "*.txt"
                  weight: 2
              samples: 8
            budgets:
              - name: r30
                remove: 30%
            constraints:
              - linears: "*"
                maxRemoved: 40%
            evaluate:
              perplexity: "*.txt"
              windows: 4
            grid:
              rho: { from: 1, to: 2, step: 1 }
        cache:
          maxSize: 20GB
        cost:
          wattsPerCore: 10

        """;

    public static TheoryData<string> Manifests => [.. Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md").Append(Path.Combine(Root, "README.md")).SelectMany(Fences)
        .Concat(Directory.EnumerateFiles(Path.Combine(Root, "samples"), "rocket.yaml", SearchOption.AllDirectories).Select(File.ReadAllText))
        .Concat(Directory.EnumerateFiles(Path.Combine(Root, "templates", "content"), "rocket.yaml", SearchOption.AllDirectories).Select(file => File.ReadAllText(file).Replace("BUDGET", "30", StringComparison.Ordinal)))
        .Append(Complete)
        .Append(ManifestTemplate.Create("a", "b", "c", "d"))];

    public static TheoryData<string, string> Mistakes => new()
    {
        { "version: 1", "version: 2" },
        { "version: 1", "version: 1\ndevice: gpu" },
        { "name: stories", "name: \"con fusion\"" },
        { "remove: 30%", "remove: 100%" },
        { "remove: 30%", "remove: 30" },
        { "remove: 30%", "bytes: 12 bananas" },
        { "remove: 30%", "remove: 30%\n        bytes: 1MB" },
        { "weight: 2", "weight: 0" },
        { "samples: 8", "samples: 0" },
        { "samples: 8", "samples: \"8\"" },
        { "samples: 8", "sequenceLength: 1" },
        { "maxRemoved: 40%", "keep: sparse" },
        { "        maxRemoved: 40%\n", "" },
        { "perplexity: \"*.txt\"\n      windows: 4", "windows: 4" },
        { "windows: 4", "windows: all" },
        { "windows: 4", "agreement: 1" },
        { "remove: 30%", "bitsPerWeight: -1" },
        { "source: model", "source: model\n    valueBits: [ 7 ]" },
        { "source: model", "source: model\n    include: [ heads ]" },
        { "maxSize: 20GB", "remote: cache.example.com" },
        { "wattsPerCore: 10", "wattsPerCore: -1" },
        { "source: model", "source: \"\"" },
        { "source: model", "source: model\n    method: papper" },
        { "source: model", "source: model\n    method: paper\n    forms: sparse" },
        { "from: 1, to: 2", "from: 0, to: 2" },
        { "rho: { from: 1, to: 2, step: 1 }", "evaluate: some" },
        { "budgets:\n      - name: r30\n        remove: 30%", "budgets: []" },
    };

    [Theory]
    [MemberData(nameof(Manifests))]
    public void A_manifest_of_the_documents_samples_and_templates_passes_both(string text)
    {
        ManifestReader.Parse(text, "rocket.yaml");
        EvaluationResults results = Evaluate(text);
        Assert.True(results.IsValid, Reason(results) + text);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_one_for_both(string good, string bad)
    {
        Assert.Contains(good, Complete, StringComparison.Ordinal);
        string text = Complete.Replace(good, bad, StringComparison.Ordinal);
        Assert.Throws<RocketException>(() => ManifestReader.Parse(text, "rocket.yaml"));
        Assert.False(Evaluate(text).IsValid, text);
    }

    [Fact]
    public void The_schema_knows_the_keys_of_the_parser_and_no_others()
    {
        JsonObject schema = JsonNode.Parse(SchemaText)!.AsObject();
        foreach ((string definition, string marker) in Mappings)
        {
            JsonObject mapping = definition.Length == 0 ? schema : schema["$defs"]![definition]!.AsObject();
            string indent = marker[..^marker.TrimStart().Length];
            string text = Complete.Replace(marker, $"{marker}\n{indent}xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: 1", StringComparison.Ordinal);
            RocketException error = Assert.Throws<RocketException>(() => ManifestReader.Parse(text, "rocket.yaml"));
            Assert.Equal("RKT1003", error.Code);
            string[] parser = [.. Known().Match(error.Message).Groups[1].Value.Split(", ").Order(StringComparer.Ordinal)];
            string[] described = [.. mapping["properties"]!.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal)];
            Assert.True(
                parser.SequenceEqual(described),
                $"docs/rocket.schema.json, {(definition.Length == 0 ? "the manifest" : definition)}: missing are [{string.Join(", ", parser.Except(described))}], the parser does not know [{string.Join(", ", described.Except(parser))}].");
        }
    }

    [Theory]
    [InlineData("method")]
    [InlineData("sensitivity")]
    [InlineData("forms")]
    [InlineData("correction")]
    [InlineData("include")]
    public void The_schema_knows_the_words_of_the_parser_and_no_others(string key)
    {
        JsonNode described = JsonNode.Parse(SchemaText)!["$defs"]!["model"]!["properties"]![key]!;
        RocketException error = Assert.Throws<RocketException>(() => ManifestReader.Parse(Complete.Replace("source: model", $"source: model\n    {key}: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", StringComparison.Ordinal), "rocket.yaml"));
        Assert.Equal("RKT1030", error.Code);
        JsonArray words = (described["enum"] ?? described["oneOf"]![0]!["enum"])!.AsArray();
        Assert.Equal(Words().Match(error.Message).Groups[1].Value.Split(", ").Order(StringComparer.Ordinal), words.Select(word => (string)word!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_key_of_the_schema_stands_in_the_document()
    {
        string document = File.ReadAllText(Path.Combine(Root, "docs", "manifest.md"));
        JsonObject schema = JsonNode.Parse(SchemaText)!.AsObject();
        IEnumerable<string> keys = schema["$defs"]!.AsObject().Select(definition => definition.Value!["properties"]).Append(schema["properties"]).OfType<JsonObject>().SelectMany(properties => properties.Select(property => property.Key));
        Assert.Empty(keys.Where(key => !document.Contains($"`{key}`", StringComparison.Ordinal)).Distinct());
    }

    [Fact]
    public void Every_mapping_of_the_schema_is_compared_with_the_parser()
    {
        JsonObject definitions = JsonNode.Parse(SchemaText)!["$defs"]!.AsObject();
        Assert.Equal(
            definitions.Where(definition => definition.Value!["properties"] is not null).Select(definition => definition.Key).Order(StringComparer.Ordinal),
            Mappings.Select(mapping => mapping.Definition).Where(name => name.Length > 0).Order(StringComparer.Ordinal));
    }

    private static EvaluationResults Evaluate(string yaml)
    {
        using JsonDocument json = JsonDocument.Parse(ToJson(YamlLoader.Load(yaml, "rocket.yaml"))!.ToJsonString());
        return Schema.Evaluate(json.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
    }

    private static string Reason(EvaluationResults results)
        => string.Concat((results.Details ?? []).Where(detail => detail.Errors is not null).Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors!.Values)}\n"));

    // As an editor's YAML reader sees it: plain numbers are numbers, a value that is not there is null.
    private static JsonNode? ToJson(ManifestNode node) => node switch
    {
        MappingNode mapping => new JsonObject(mapping.Entries.Where(entry => entry.Value is not ScalarNode { IsNull: true }).Select(entry => KeyValuePair.Create(entry.Key.Text, ToJson(entry.Value)))),
        SequenceNode list => new JsonArray([.. list.Items.Select(ToJson)]),
        ScalarNode { IsPlain: true } scalar when decimal.TryParse(scalar.Text, System.Globalization.CultureInfo.InvariantCulture, out decimal number) => JsonValue.Create(number),
        ScalarNode { IsPlain: true, Text: "true" or "false" } flag => JsonValue.Create(flag.Text == "true"),
        ScalarNode scalar => JsonValue.Create(scalar.Text),
        _ => null,
    };

    // The manifests among a document's YAML: what shows a part of one is none.
    private static IEnumerable<string> Fences(string file) => Fence().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Where(text => text.StartsWith("version: 1", StringComparison.Ordinal));

    [GeneratedRegex(@"It knows (.+)\.$")]
    private static partial Regex Known();

    [GeneratedRegex(@"It may be (.+)\.$")]
    private static partial Regex Words();

    [GeneratedRegex(@"```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
