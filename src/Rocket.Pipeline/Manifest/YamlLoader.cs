using System.Collections.Immutable;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Rocket.Pipeline.Manifest;

/// <summary>Builds nodes with places from YamlDotNet's events.</summary>
/// <remarks>
/// YamlDotNet's own representation model forgets nothing but recurses without limit and says "duplicate key" without one;
/// from the events, both are said at their place, and an alias is the node it names, so that it cannot multiply or contain itself.
/// </remarks>
internal sealed class YamlLoader
{
    private const int DeepestNesting = 32;

    private readonly string _path;
    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, ManifestNode> _anchors = [];

    private YamlLoader(string text, string path)
    {
        _path = path;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The root node of the text's only document.</summary>
    /// <exception cref="RocketException">Not YAML, empty, nested too deep, or several documents (RKT1002, RKT1007, RKT1013 to RKT1016).</exception>
    public static ManifestNode Load(string text, string path)
    {
        try
        {
            return new YamlLoader(text, path).LoadDocument();
        }
        catch (YamlException exception)
        {
            throw ManifestErrors.Syntax(new SourceLocation(path, (int)exception.Start.Line, (int)exception.Start.Column), exception.Message, exception);
        }
    }

    private ManifestNode LoadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            throw ManifestErrors.Empty(new SourceLocation(_path, 1, 1), "The manifest");
        }

        _parser.Consume<DocumentStart>();
        ManifestNode root = LoadNode(depth: 1);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out DocumentStart? second))
        {
            throw ManifestErrors.SeveralDocuments(At(second.Start));
        }

        return root is ScalarNode { IsNull: true } ? throw ManifestErrors.Empty(new SourceLocation(_path, 1, 1), "The manifest") : root;
    }

    private ManifestNode LoadNode(int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out AnchorAlias? alias))
        {
            return _anchors.TryGetValue(alias.Value, out ManifestNode? known)
                ? known
                : throw ManifestErrors.Syntax(At(alias.Start), $"the anchor \"{alias.Value}\" is not defined above");
        }

        NodeEvent start = _parser.Consume<NodeEvent>();
        if (depth > DeepestNesting)
        {
            throw ManifestErrors.TooLarge(At(start.Start), $"nested deeper than {DeepestNesting} levels");
        }

        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific && !start.Tag.Value.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal))
        {
            throw ManifestErrors.Tag(At(start.Start), start.Tag.Value);
        }

        ManifestNode node = start switch
        {
            Scalar scalar => new ScalarNode(scalar.Value, scalar.Style == ScalarStyle.Plain, At(scalar.Start)),
            SequenceStart => LoadSequence(At(start.Start), depth),
            _ => LoadMapping(At(start.Start), depth),
        };
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor] = node;
        }

        return node;
    }

    private SequenceNode LoadSequence(SourceLocation location, int depth)
    {
        ImmutableArray<ManifestNode>.Builder items = ImmutableArray.CreateBuilder<ManifestNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(LoadNode(depth + 1));
        }

        return new SequenceNode(items.ToImmutable(), location);
    }

    private MappingNode LoadMapping(SourceLocation location, int depth)
    {
        ImmutableArray<KeyValuePair<ScalarNode, ManifestNode>>.Builder entries = ImmutableArray.CreateBuilder<KeyValuePair<ScalarNode, ManifestNode>>();
        Dictionary<string, ScalarNode> keys = new(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            ManifestNode node = LoadNode(depth + 1);
            if (node is not ScalarNode key)
            {
                throw ManifestErrors.Syntax(node.Location, $"a key must be a name, but this one is {node.Description}");
            }

            if (!keys.TryAdd(key.Text, key))
            {
                throw ManifestErrors.DuplicateKey(key.Location, key.Text, keys[key.Text].Location.Line);
            }

            entries.Add(new(key, LoadNode(depth + 1)));
        }

        return new MappingNode(entries.ToImmutable(), location);
    }

    private SourceLocation At(Mark mark) => new(_path, (int)mark.Line, (int)mark.Column);
}
