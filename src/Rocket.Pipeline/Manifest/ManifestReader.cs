using System.Collections.Immutable;
using System.Text;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Sources;

namespace Rocket.Pipeline.Manifest;

/// <summary>Reads and checks a <c>rocket.yaml</c>.</summary>
public static class ManifestReader
{
    /// <summary>Most tokens of a window.</summary>
    internal const int LongestWindow = 1 << 20;

    /// <summary>Most windows of a sample.</summary>
    internal const int MostWindows = 1 << 20;

    private const int LargestFile = 1 << 20;
    private const int MostGridPoints = 1000;
    private const string All = "all";
    private const string Few = "few";

    /// <summary>Reads a manifest file.</summary>
    /// <exception cref="RocketException">The first thing that is wrong with it, at its line and column (RKT1xxx).</exception>
    public static RocketManifest Read(string path)
    {
        byte[] bytes;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (file.Length > LargestFile)
            {
                throw ManifestErrors.TooLarge(new SourceLocation(path), $"{file.Length} bytes long");
            }

            bytes = new byte[file.Length];
            file.ReadExactly(bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ManifestErrors.Unreadable(path, exception);
        }

        ReadOnlySpan<byte> content = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes;
        try
        {
            return Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content), path);
        }
        catch (DecoderFallbackException exception)
        {
            int line = 1 + content[..Math.Clamp(exception.Index, 0, content.Length)].Count((byte)'\n');
            throw ManifestErrors.NotUtf8(path, line, exception);
        }
    }

    /// <summary>Reads a manifest from memory.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="path">The name that errors and relative paths start from.</param>
    /// <exception cref="RocketException">The first thing that is wrong with it, at its line and column (RKT1xxx).</exception>
    public static RocketManifest Parse(string text, string path)
    {
        ManifestNode root = YamlLoader.Load(text, path);
        MappingReader reader = new(root, "rocket.yaml", "the manifest", "version", "models", "device", "cache", "cost");
        ManifestNode version = reader.Required("version");
        if (version is not ScalarNode { Text: "1" })
        {
            throw ManifestErrors.UnsupportedVersion(version.Location, version.Description);
        }

        ImmutableArray<ModelManifest> models = [.. reader.RequiredList("models").Select(ReadModel)];
        RefuseDuplicates("model", models.Select(model => (model.Name, model.Location)));
        return new RocketManifest(path, models) { Device = DeviceReader.Read(reader), Cache = CacheReader.Read(reader.Optional("cache")), Cost = CostReader.Read(reader.Optional("cost")) };
    }

    private static ModelManifest ReadModel(ManifestNode node)
    {
        MappingReader reader = new(
            node, "models", "the model", "name", "source", "calibration", "budgets", "constraints", "evaluate", "grid", "method", "sensitivity", "forms", "refinement", "correction", "valueBits", "valueGroups", "include");
        string name = ReadName(reader, "model");
        MethodManifest method = MethodReader.Read(reader);
        GridManifest grid = ReadGrid(reader.Optional("grid"), reader.Location, method);
        ValuesManifest values = ValuesReader.Read(reader, method);
        ModelManifest model = new()
        {
            Name = name,
            Location = reader.Location,
            Source = ReadSource(reader),
            Calibration = CalibrationReader.Read(reader.Required("calibration")),
            Budgets = [.. reader.RequiredList("budgets").Select(budget => BudgetReader.Read(budget, MostRemoved(grid, method), method.HasNats, values))],
            Constraints = reader.Optional("constraints") is null ? [] : [.. reader.RequiredList("constraints").SelectMany(ConstraintReader.Read)],
            Evaluate = reader.Optional("evaluate") is { } evaluate ? EvaluateReader.Read(evaluate) : null,
            Method = method,
            Values = values,
            Includes = ValuesReader.ReadIncludes(reader, method, values),
            Grid = grid,
        };
        RefuseDuplicates("budget", model.Budgets.Select(budget => (budget.Name, budget.Location)));
        return model;
    }

    private static Located<string> ReadSource(MappingReader reader)
    {
        Located<string> source = reader.RequiredText("source");
        ModelOrigin.Parse(source);
        return source;
    }

    private static decimal MostRemoved(GridManifest grid, MethodManifest method)
        => Math.Max(method.HasDictionary ? grid.Ratio.To : 0, method.HasSparse ? grid.Share.To : 0);

    private static GridManifest ReadGrid(ManifestNode? node, SourceLocation fallback, MethodManifest method)
    {
        MappingReader? reader = node is null ? null : new(node, "grid", "grid", "ratios", "rho", "shares", "evaluate");
        ImmutableArray<string> extents = method.IsPaper ? [All, Few] : [Few, All];
        return new GridManifest
        {
            Location = reader?.Location ?? fallback,
            Ratio = ReadRange(reader?.Optional("ratios"), "ratios", new DecimalRange(0.05m, 0.70m, 0.05m), minimum: 0.001m, maximum: 0.999m),
            AtomsPerCoefficient = ReadRange(reader?.Optional("rho"), "rho", new DecimalRange(1.0m, 3.0m, 0.1m), minimum: 1, maximum: 100),
            Share = ReadRange(reader?.Optional("shares"), "shares", new DecimalRange(0.05m, 0.85m, 0.05m), minimum: 0.001m, maximum: 0.999m),
            EvaluatesAll = (reader is null ? extents[0] : MethodReader.Word(reader, "evaluate", extents)) == All,
        };
    }

    private static DecimalRange ReadRange(ManifestNode? node, string key, DecimalRange fallback, decimal minimum, decimal maximum)
    {
        if (node is null)
        {
            return fallback;
        }

        MappingReader reader = new(node, key, key, "from", "to", "step");
        Located<decimal> from = reader.OptionalDecimal("from", fallback.From);
        Located<decimal> to = reader.OptionalDecimal("to", fallback.To);
        Located<decimal> step = reader.OptionalDecimal("step", fallback.Step);
        Require(from, "from", from.Value >= minimum && from.Value <= maximum, $"from {minimum} to {maximum}");
        Require(to, "to", to.Value >= from.Value && to.Value <= maximum, $"from {from.Value} (`from`) to {maximum}");
        Require(step, "step", step.Value > 0, "greater than 0");
        Require(step, "step", to.Value - from.Value < MostGridPoints * step.Value, $"so large that `from` to `to` has at most {MostGridPoints} points");
        return new DecimalRange(from.Value, to.Value, step.Value);
    }

    private static void Require(Located<decimal> value, string key, bool isMet, string range)
    {
        if (!isMet)
        {
            throw ManifestErrors.OutOfRange(value.Location, key, value.Value.ToString(), range);
        }
    }

    /// <summary>The name of a model or budget, which becomes a folder.</summary>
    /// <exception cref="RocketException">RKT1012: it cannot be one.</exception>
    internal static string ReadName(MappingReader reader, string kind)
    {
        Located<string> name = reader.RequiredText("name");
        return SafeName.IsSafe(name.Value) ? name.Value : throw ManifestErrors.UnsafeName(name.Location, kind, name.Value);
    }

    private static void RefuseDuplicates(string kind, IEnumerable<(string Name, SourceLocation Location)> items)
    {
        // Case does not count: two folders that differ by it are one on Windows and macOS.
        Dictionary<string, int> lines = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, SourceLocation location) in items)
        {
            if (!lines.TryAdd(name, location.Line))
            {
                throw ManifestErrors.DuplicateName(location, kind, name, lines[name]);
            }
        }
    }
}
