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

    // Calibration sets differ by more than a finer grid gains, and every set has profiles of its own.
    private const string CoarseGrid = "grid: { shares: { from: 0.1, to: 0.8, step: 0.1 } }";

    private static readonly int[] Percents = [20, 30, 40, 50];

    // A single linear that loses less than half of its entries changes the loss by less than a text's windows can tell: the change has either sign.
    private static readonly int[] SinglePercents = [50, 70, 80];

    /// <summary>Methods by budgets of removed share: the table of the method's documentation.</summary>
    public StudyResult Methods(StudyModel model, IReadOnlyList<Variant> variants)
        => new(model, variants.SelectMany((variant, i) => Read(model, variant.Name, tool.Build(
            string.Create(CultureInfo.InvariantCulture, $"{model.Name}-method{i}"),
            new StudyManifest().Add(model.Name, model, Pattern(model.Corpora[0]), model.Texts, variant.Keys, Percents.Select(Remove)).ToString()))));

    /// <summary>Budgets of true bytes, masks paid, at the same shares of the linears' bytes: the default, and values of the source's type alone.</summary>
    public StudyResult TrueBytes(StudyModel model)
    {
        (long all, long linears) = Bytes(model);
        string[] budgets = [.. Percents.Select(percent => string.Create(CultureInfo.InvariantCulture, $"{{ name: b{percent}, bytes: {(all - (linears * percent / 100m)) / 1000m:0.000} kB }}"))];
        return new(model, Variant.Bytes.SelectMany((variant, i) => Read(model, variant.Name, tool.Build(
            string.Create(CultureInfo.InvariantCulture, $"{model.Name}-bytes{i}"),
            new StudyManifest().Add(model.Name, model, Pattern(model.Corpora[0]), model.Texts, variant.Keys, budgets).ToString()))));
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
        if (model.Corpora.Count > 2)
        {
            sets.Add([.. model.Corpora]);
        }

        sets.AddRange(model.Corpora.Skip(1).Select(text => new[] { model.Corpora[0], text }));

        return new(model, sets.SelectMany((set, i) => Read(model, string.Join(" + ", set.Select(text => text.Name)), tool.Build(
            string.Create(CultureInfo.InvariantCulture, $"{model.Name}-corpus{i}"),
            new StudyManifest().Add(model.Name, model, Mix(set), model.Texts, [CoarseGrid], [Remove(30)]).ToString()))));
    }

    /// <summary>Single linears compressed alone, spread over blocks and kinds: predicted loss against the measured one on unseen text.</summary>
    /// <remarks>A factorization knows nothing of other linears, so all are built in one artifact a share, and each is measured with the dense model around it.</remarks>
    public StudyResult Singles(StudyModel model)
    {
        // Enough for a rank, and the costliest part of the study.
        StudyText text = model.Texts.FirstOrDefault(text => text.Name == model.Unseen) ?? model.Texts[0];
        model = model with { Texts = [text] };
        BlockSpec[] blocks = [.. Architecture.Read(Path.Combine(model.Source, "config.json")).Blocks];
        string[] all = [.. blocks.SelectMany(block => block.CompressibleLinears).Select(linear => linear.Key)];

        // Every kind in turn, from the first block to the last.
        string[] chosen = [.. Enumerable.Range(0, Linears).Select(i => Kind(blocks[((2 * i) + 1) * blocks.Length / (2 * Linears)], i)).Distinct()];
        var manifest = new StudyManifest();
        foreach (int percent in SinglePercents)
        {
            manifest.Add(Share(percent), model, Pattern(model.Corpora[0]), [], Alone(all, chosen, percent), ["{ name: alone, remove: 0% }"]);
        }

        string name = $"{model.Name}-singles";
        tool.Build(name, manifest.ToString());
        double dense = tool.Evaluate(model.Source, text, model);
        return new(model, SinglePercents.SelectMany(percent => Measure(model, Path.Combine(tool.Work, name, Share(percent), "alone"), chosen, Share(percent), dense)));
    }

    private IEnumerable<Measurement> Measure(StudyModel model, string artifact, string[] chosen, string share, double dense)
    {
        JsonArray plan = JsonNode.Parse(File.ReadAllText(Path.Combine(artifact, "rocket.json")))!["plan"]!["linears"]!.AsArray();
        foreach (string linear in chosen)
        {
            string folder = Path.Combine(tool.Work, "single");
            SingleLinear.Write(folder, model.Source, artifact, linear);
            JsonNode entry = plan.Single(entry => (string)entry!["name"]! == linear)!;
            double parameters = (double)entry["d_in"]! * (double)entry["d_out"]!;
            double rise = tool.Evaluate(folder, model.Texts[0], model) - dense;
            yield return new Measurement(
                model.Name,
                linear,
                share,
                1 - ((double)entry["parameters"]! / parameters),
                (long)entry["bytes"]!,
                (double)entry["predicted"]!["loss"]!,
                ImmutableSortedDictionary<string, double>.Empty.Add(model.Texts[0].Name, rise));
        }
    }

    private static IEnumerable<string> Alone(string[] all, string[] chosen, int percent)
        =>
        [
            "constraints:",
            $"  - {{ linears: [ {string.Join(", ", all.Except(chosen).Select(StudyManifest.Quote))} ], keep: dense }}",
            .. chosen.Select(name => string.Create(CultureInfo.InvariantCulture, $"  - {{ linears: {StudyManifest.Quote(name)}, minRemoved: {percent}%, maxRemoved: {percent + 4}% }}")),
        ];

    private static string Kind(BlockSpec block, int i)
    {
        string[] linears = [.. block.CompressibleLinears.Select(linear => linear.Key)];
        return linears[i % linears.Length];
    }

    private static string Share(int percent) => string.Create(CultureInfo.InvariantCulture, $"s{percent}");

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
