using System.Collections.Immutable;
using System.Text.Json;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Architectures.Configuration;

/// <summary>An object of config.json whose values are checked as they are read. A null counts as a missing key unless <see cref="IsNull"/> is asked.</summary>
internal sealed class ConfigObject
{
    private const int MaxQuotedLength = 80;

    private readonly JsonElement _element;
    private readonly string _prefix;

    /// <summary>The root object.</summary>
    public ConfigObject(JsonElement element, string file)
        : this(element, file, "")
    {
    }

    private ConfigObject(JsonElement element, string file, string prefix)
    {
        _element = element;
        File = file;
        _prefix = prefix;
    }

    /// <summary>The path that errors name.</summary>
    public string File { get; }

    /// <summary>The key with those of the objects around it, as errors name it.</summary>
    public string FullKey(string key) => _prefix + key;

    /// <summary>Whether a key is there and not null.</summary>
    public bool Has(string key) => TryGet(key, out _);

    /// <summary>Whether a key is there and null.</summary>
    public bool IsNull(string key) => _element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>The value as the file writes it, for messages; "missing" if there is none.</summary>
    public string Quote(string key) => TryGet(key, out var value) ? Quote(value) : "missing";

    /// <summary>A nested object, or null.</summary>
    public ConfigObject? Child(string key)
    {
        if (!TryGet(key, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object
            ? new ConfigObject(value, File, $"{FullKey(key)}.")
            : throw WrongType(key, value, "an object");
    }

    /// <summary>An integer from 1 to <paramref name="max"/>, or null.</summary>
    public int? OptionalSize(string key, int max) => OptionalInteger(key, 1, max);

    /// <summary>An integer from 0 to <paramref name="max"/>, or null.</summary>
    public int? OptionalCount(string key, int max) => OptionalInteger(key, 0, max);

    /// <summary>An integer from 1 to <paramref name="max"/> that must be there.</summary>
    public int Size(string key, int max)
        => OptionalSize(key, max) ?? throw ArchitectureErrors.MissingKey(File, FullKey(key), $"an integer from 1 to {max}");

    /// <summary>A finite number above 0, or null.</summary>
    public double? OptionalPositive(string key)
        => TryGet(key, out var value) ? Positive(key, value) : null;

    /// <summary>A finite number above 0 that must be there.</summary>
    public double Positive(string key)
        => OptionalPositive(key) ?? throw ArchitectureErrors.MissingKey(File, FullKey(key), "a number above 0");

    /// <summary>True or false.</summary>
    public bool Flag(string key, bool fallback)
    {
        if (!TryGet(key, out var value))
        {
            return fallback;
        }

        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw WrongType(key, value, "true or false");
    }

    /// <summary>A string, or null.</summary>
    public string? OptionalText(string key)
    {
        if (!TryGet(key, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw WrongType(key, value, "a string");
    }

    /// <summary>A list of strings, or null.</summary>
    public ImmutableArray<string>? OptionalTexts(string key)
        => List(key, "a list of strings", item => item.ValueKind == JsonValueKind.String ? item.GetString() : null);

    /// <summary>A list of 32-bit integers, or null.</summary>
    public ImmutableArray<int>? OptionalIntegers(string key)
        => List(key, "a list of integers", item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int number) ? number : (int?)null)
            is { } list ? [.. list.Select(number => number.GetValueOrDefault())] : null;

    /// <summary>A list of finite numbers above 0 that must be there.</summary>
    public ImmutableArray<double> Positives(string key)
    {
        if (!TryGet(key, out var value))
        {
            throw ArchitectureErrors.MissingKey(File, FullKey(key), "a list of numbers above 0");
        }

        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => Positive(key, item))]
            : throw WrongType(key, value, "a list of numbers above 0");
    }

    private int? OptionalInteger(string key, int min, int max)
    {
        if (!TryGet(key, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            throw WrongType(key, value, "an integer");
        }

        return value.TryGetInt32(out int number) && number >= min && number <= max
            ? number
            : throw ArchitectureErrors.OutOfRange(File, FullKey(key), Quote(value), $"an integer from {min} to {max}");
    }

    private ImmutableArray<T>? List<T>(string key, string expected, Func<JsonElement, T?> read)
    {
        if (!TryGet(key, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => read(item) ?? throw WrongType(key, item, expected))]
            : throw WrongType(key, value, expected);
    }

    private double Positive(string key, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            throw WrongType(key, value, "a number above 0");
        }

        // Values are used in single precision: what vanishes or overflows there is refused here.
        double number = value.GetDouble();
        return (float)number > 0 && float.IsFinite((float)number)
            ? number
            : throw ArchitectureErrors.OutOfRange(File, FullKey(key), Quote(value), "a number above 0 that single precision can hold");
    }

    private bool TryGet(string key, out JsonElement value)
        => _element.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;

    private RocketException WrongType(string key, JsonElement value, string expected)
        => ArchitectureErrors.WrongType(File, FullKey(key), Quote(value), expected);

    private static string Quote(JsonElement value)
    {
        // A message is one line, whatever the file's layout.
        string text = string.Join(' ', value.GetRawText().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= MaxQuotedLength ? text : text[..MaxQuotedLength] + "...";
    }
}
