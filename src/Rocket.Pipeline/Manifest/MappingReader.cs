using System.Collections.Immutable;
using System.Globalization;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Manifest;

/// <summary>Reads typed values out of a mapping and refuses keys that it does not know.</summary>
internal sealed class MappingReader
{
    private readonly Dictionary<string, ManifestNode> _values = new(StringComparer.Ordinal);
    private readonly string _owner;

    /// <param name="node">The mapping.</param>
    /// <param name="key">The key whose value it is, for messages about its type.</param>
    /// <param name="owner">What it describes, for messages about its keys: <c>budget "r30"</c>.</param>
    /// <param name="known">All keys that it may have.</param>
    public MappingReader(ManifestNode node, string key, string owner, params ReadOnlySpan<string> known)
    {
        MappingNode mapping = node as MappingNode ?? throw ManifestErrors.WrongType(node.Location, key, "a mapping of keys and values", node.Description);
        Location = mapping.Location;
        _owner = owner;
        foreach ((ScalarNode name, ManifestNode value) in mapping.Entries)
        {
            if (!known.Contains(name.Text))
            {
                throw ManifestErrors.UnknownKey(name.Location, name.Text, owner, SpellingSuggestion.Find(name.Text, known), known.ToArray());
            }

            _values.Add(name.Text, value);
        }
    }

    public SourceLocation Location { get; }

    /// <summary>The key's value, or null where the key is not there or has none.</summary>
    public ManifestNode? Optional(string key) => _values.GetValueOrDefault(key) is { } node and not ScalarNode { IsNull: true } ? node : null;

    public ManifestNode Required(string key) =>
        Optional(key) ?? throw ManifestErrors.MissingKey(_values.GetValueOrDefault(key)?.Location ?? Location, key, _owner);

    public Located<string> RequiredText(string key) => Text(Required(key), key);

    public Located<int> OptionalInteger(string key, int fallback, int minimum, int maximum)
    {
        Located<long> value = OptionalLong(key, fallback, minimum, maximum);
        return new((int)value.Value, value.Location);
    }

    public Located<long> OptionalLong(string key, long fallback, long minimum, long maximum)
    {
        if (Optional(key) is not { } node)
        {
            return new(fallback, Location);
        }

        if (node is not ScalarNode { IsPlain: true } scalar || !decimal.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal value))
        {
            throw ManifestErrors.WrongType(node.Location, key, "a whole number", node.Description);
        }

        return value >= minimum && value <= maximum
            ? new((long)value, node.Location)
            : throw ManifestErrors.OutOfRange(node.Location, key, scalar.Text, $"from {minimum} to {maximum}");
    }

    public bool OptionalBoolean(string key, bool fallback) => Optional(key) switch
    {
        null => fallback,
        ScalarNode { IsPlain: true, Text: "true" } => true,
        ScalarNode { IsPlain: true, Text: "false" } => false,
        { } node => throw ManifestErrors.WrongType(node.Location, key, "true or false", node.Description),
    };

    public Located<decimal> OptionalDecimal(string key, decimal fallback)
    {
        if (Optional(key) is not { } node)
        {
            return new(fallback, Location);
        }

        return node is ScalarNode { IsPlain: true } scalar
            && decimal.TryParse(scalar.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            ? new(value, node.Location)
            : throw ManifestErrors.WrongType(node.Location, key, "a number", node.Description);
    }

    /// <summary>A percentage from 0% to below 100%, as an exact fraction.</summary>
    public Located<decimal> RequiredPercentage(string key)
    {
        ManifestNode node = Required(key);
        if (node is not ScalarNode scalar)
        {
            throw ManifestErrors.WrongType(node.Location, key, "a percentage such as 30%", node.Description);
        }

        return scalar.Text.EndsWith('%')
            && decimal.TryParse(scalar.Text[..^1].TrimEnd(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal percent)
            && percent is >= 0 and < 100
            ? new(percent / 100, node.Location)
            : throw ManifestErrors.BadPercentage(node.Location, key, scalar.Text);
    }

    /// <summary>A whole quantity with its unit.</summary>
    public Located<decimal> RequiredQuantity(string key, ManifestQuantity quantity)
    {
        ManifestNode node = Required(key);
        return node is ScalarNode scalar && quantity.Parse(scalar.Text) is { } value
            ? new(value, node.Location)
            : throw ManifestErrors.BadQuantity(node.Location, key, quantity.Expected, node.Description);
    }

    /// <summary>A list with at least one item.</summary>
    public ImmutableArray<ManifestNode> RequiredList(string key)
    {
        ManifestNode node = Required(key);
        return node is not SequenceNode list ? throw ManifestErrors.WrongType(node.Location, key, "a list", node.Description)
            : list.Items.IsEmpty ? throw ManifestErrors.Empty(node.Location, $"\"{key}\"")
            : list.Items;
    }

    /// <summary>A list of texts with at least one item; a single text is a list of one.</summary>
    public ImmutableArray<Located<string>> RequiredTexts(string key) =>
        Required(key) is ScalarNode one ? [Text(one, key)] : [.. RequiredList(key).Select(item => Text(item, key))];

    private static Located<string> Text(ManifestNode node, string key) =>
        node is not ScalarNode scalar || scalar.IsNull ? throw ManifestErrors.WrongType(node.Location, key, "a text", node.Description)
        : string.IsNullOrWhiteSpace(scalar.Text) ? throw ManifestErrors.Empty(node.Location, $"\"{key}\"")
        : new(scalar.Text, scalar.Location);
}
