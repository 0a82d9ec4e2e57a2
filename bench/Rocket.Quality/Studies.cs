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
    public IEnumerable<Measurement> Methods(StudyModel model, IReadOnlyList<Variant> variants)
        => variants.SelectMany((variant, i) => Read(model, variant.Name, tool.Build(
            string.Create(CultureInfo.InvariantCulture, $"{model.Name}-method{i}"),
            new StudyManifest().Add(model.Name, model, Pattern(model.Corpora[0]), model.Texts, variant.Keys, Percents.Select(Remove)).ToString())));

    /// <summary>Values of the source's type under budgets of true bytes: masks paid, the same shares of the linears' bytes.</summary>
    public IEnumerable<Measurement> TrueBytes(StudyModel model)
    {
        (long all, long linears) = Bytes(model);
        return Read(model, "true bytes", tool.Build(
            $"{model.Name}-bytes",
            new StudyManifest().Add(model.Name, model, Pattern(model.Corpora[0]), model.Texts, ["valueBits: [ 16 ]"], Percents.Select(percent =>
                string.Create(CultureInfo.InvariantCulture, $"{{ name: b{percent}, bytes: {(all - (linears * percent / 100m)) / 1000m:0.000} kB }}"))).ToString()));
    }

    /// <summary>Calibration sets and their mixes, measured on every text.</summary>
    public IEnumerable<Measurement> Corpora(StudyModel model)
    {
        var sets = model.Corpora.Select(text => (text.Name, Corpus: Pattern(text))).ToList();
        if (model.Corpora.Count > 1)
        {
            sets.Add(($"{string.Join(" + ", model.Corpora.Select(text => text.Name))}, equal parts", $"[ {string.Join(", ", model.Corpora.Select(text => $"{{ files: {StudyManifest.Quote(text.Path)} }}"))} ]"));
            sets.Add(($"{model.Corpora[0].Name} 3 : 1 {model.Corpora[1].Name}", $"[ {{ files: {StudyManifest.Quote(model.Corpora[0].Path)}, weight: 3 }}, {{ files: {StudyManifest.Quote(model.Corpora[1].Path)} }} ]"));
        }

        return sets.SelectMany((set, i) => Read(model, set.Name, tool.Build(
            string.Create(CultureInfo.InvariantCulture, $"{model.Name}-corpus{i}"),
            new StudyManifest().Add(model.Name, model, set.Corpus, model.Texts, [], [Remove(30), Remove(50)]).ToString())));
    }

    /// <summary>Single linears compressed alone, spread over blocks and kinds: predicted loss against the measured one on the last but one text.</summary>
    public IEnumerable<Measurement> Singles(StudyModel model)
    {
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

        return Read(model, "alone", tool.Build($"{model.Name}-singles", manifest.ToString()));
    }

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
