using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;

namespace Rocket.Quality;

/// <summary>The studies, each a manifest or more, built and read back.</summary>
/// <param name="tool">The tool.</param>
internal sealed class Studies(RocketProcess tool)
{
    private const int Linears = 20;

    private static readonly int[] Percents = [20, 30, 40, 50];
    private static readonly int[] SinglePercents = [30, 50, 70];

    /// <summary>Methods by budgets of removed share: the table of the method's documentation.</summary>
    public StudyResult Methods(StudyModel model, IReadOnlyList<Variant> variants)
        => new(model, variants.SelectMany((variant, i) => Read(model, variant.Name, tool.Build(
            string.Create(CultureInfo.InvariantCulture, $"{model.Name}-method{i}"),
            new StudyManifest().Add(model.Name, model, Pattern(model.Corpora[0]), model.Texts, variant.Keys, Percents.Select(Remove)).ToString()))));

    /// <summary>Values of the source's type under budgets of true bytes: masks paid, the same shares of the linears' bytes.</summary>
    public StudyResult TrueBytes(StudyModel model)
    {
        (long all, long linears) = Bytes(model);
        return new(model, Read(model, "true bytes", tool.Build(
            $"{model.Name}-bytes",
            new StudyManifest().Add(model.Name, model, Pattern(model.Corpora[0]), model.Texts, ["valueBits: [ 16 ]"], Percents.Select(percent =>
                string.Create(CultureInfo.InvariantCulture, $"{{ name: b{percent}, bytes: {(all - (linears * percent / 100m)) / 1000m:0.000} kB }}"))).ToString())));
    }

    /// <summary>Calibration sets and their mixes, measured on every text; a text that gives both is halved.</summary>
    public StudyResult Corpora(StudyModel model)
    {
        if (model.Halved is { } name)
        {
            (StudyText first, StudyText second) = TextHalves.Write(model.Texts.Single(text => text.Name == name), tool.Work);
            model = model with { Corpora = [.. model.Corpora, second with { Name = "encyclopaedia" }], Texts = [.. model.Texts.Select(text => text.Name == name ? first : text)] };
        }

        List<StudyText[]> sets = [.. model.Corpora.Select(text => new[] { text })];
        sets.AddRange(model.Corpora.Skip(1).Select(text => new[] { model.Corpora[0], text }));
        if (model.Corpora.Count > 2)
        {
            sets.Add([.. model.Corpora]);
        }

        return new(model, sets.SelectMany((set, i) => Read(model, string.Join(" + ", set.Select(text => text.Name)), tool.Build(
            string.Create(CultureInfo.InvariantCulture, $"{model.Name}-corpus{i}"),
            new StudyManifest().Add(model.Name, model, Mix(set), model.Texts, [], [Remove(30), Remove(50)]).ToString()))));
    }

    /// <summary>Single linears compressed alone, spread over blocks and kinds: predicted loss against the measured one on unseen text.</summary>
    public StudyResult Singles(StudyModel model)
    {
        // Enough for a rank, and the costliest part of the study.
        model = model with { Texts = [model.Texts.FirstOrDefault(text => text.Name == model.Unseen) ?? model.Texts[0]] };
        string[] names = [.. Architecture.Read(Path.Combine(model.Source, "config.json")).Blocks.SelectMany(block => block.CompressibleLinears).Select(linear => linear.Key)];
        int count = Math.Min(Linears, names.Length);
        var manifest = new StudyManifest();
        for (int i = 0; i < count; i++)
        {
            string name = names[(int)((i + 0.5) * names.Length / count)];
            string others = string.Join(", ", names.Where(other => other != name).Select(StudyManifest.Quote));
            foreach (int percent in SinglePercents)
            {
                manifest.Add(
                    string.Create(CultureInfo.InvariantCulture, $"{name}.{percent}"),
                    model,
                    Pattern(model.Corpora[0]),
                    model.Texts,
                    [
                        "constraints:",
                        $"  - {{ linears: [ {others} ], keep: dense }}",
                        string.Create(CultureInfo.InvariantCulture, $"  - {{ linears: {StudyManifest.Quote(name)}, minRemoved: {percent}%, maxRemoved: {percent + 4}% }}"),
                    ],
                    ["{ name: alone, remove: 0% }"]);
            }
        }

        return new(model, Read(model, "alone", tool.Build($"{model.Name}-singles", manifest.ToString())));
    }

    // In equal parts.
    private static string Mix(StudyText[] set) => set.Length == 1 ? Pattern(set[0]) : $"[ {string.Join(", ", set.Select(text => $"{{ files: {Pattern(text)} }}"))} ]";

    private static string Pattern(StudyText text) => StudyManifest.Quote(text.Path);

    private static string Remove(int percent) => string.Create(CultureInfo.InvariantCulture, $"{{ name: r{percent}, remove: {percent}% }}");

    private static (long All, long Linears) Bytes(StudyModel model)
    {
        long all = Directory.GetFiles(model.Source, "*.safetensors").Sum(file => new FileInfo(file).Length);
        using Checkpoint checkpoint = Checkpoint.Open(model.Source);
        return (all, Architecture.Read(Path.Combine(model.Source, "config.json")).Blocks
            .SelectMany(block => block.CompressibleLinears)
            .Sum(linear => linear.Parameters * BytesOfAWeight(checkpoint.Get(linear.Tensor))));
    }

    private static long BytesOfAWeight(TensorView tensor) => tensor.ByteLength / tensor.Info.Shape.Aggregate(1L, (size, n) => size * n);

    private IEnumerable<Measurement> Read(StudyModel model, string variant, JsonObject report)
        => report["models"]!.AsArray().SelectMany(built => built!["budgets"]!.AsArray().Select(budget => new Measurement(
            model.Name,
            variant,
            (string)built["name"]! == model.Name ? (string)budget!["name"]! : (string)built["name"]!,
            (double)budget!["removedShare"]!,
            (long)budget["bytes"]!,
            (double)budget["cost"]!,
            budget["texts"]!.AsArray().ToImmutableSortedDictionary(text => NameOf(model, (string)text!["text"]!), text => (double)text!["rise"]!))));

    // The tool names a text by its path from the manifest's folder.
    private string NameOf(StudyModel model, string path)
        => model.Texts.Single(text => Path.GetFullPath(text.Path) == Path.GetFullPath(path, Path.GetFullPath(tool.Work))).Name;
}
