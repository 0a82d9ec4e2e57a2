using System.Globalization;
using System.Text.Json.Nodes;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Caching.Remote;
using Rocket.Pipeline.Stages;
using Rocket.Tool.Commands;
using Spectre.Console;

namespace Rocket.Tool.Output;

/// <summary>The result of a build.</summary>
internal static class BuildView
{
    public static void Render(Terminal terminal, IReadOnlyList<BuiltModel> models, RemoteTraffic? remote, PruneResult? pruned)
    {
        foreach (BuiltModel model in models)
        {
            terminal.WriteLine($"{model.Name}");
            terminal.Out.Write(CreateTable(model));
            foreach ((BudgetResult result, _) in model.Budgets)
            {
                terminal.WriteLine($"  {result.Folder}{(result.IsNew ? "" : " (unchanged)")}");
            }

            foreach (string sentence in Coverage(model).Sentences())
            {
                terminal.WriteLine($"  {Printable.Line(sentence)}");
            }
        }

        terminal.WriteLine("Removed, kept: parameters of the compressible linears, by the paper's count. Bytes: all *.safetensors, headers and masks included.");
        terminal.WriteLine(Work(models));
        SharingView.Render(terminal, remote, pruned);
    }

    public static JsonObject ToJson(string manifest, string output, IReadOnlyList<BuiltModel> models, RemoteTraffic? remote, PruneResult? pruned) => new()
    {
        ["manifest"] = manifest,
        ["output"] = output,
        ["computed"] = Counts(models.Select(model => model.Measurements)),
        ["computedActions"] = models.Sum(model => model.Measurements.Computed.Values.Sum()),
        ["reusedActions"] = models.Sum(model => model.Measurements.Reused),
        ["peakMemory"] = RunMeasurements.PeakMemory(),
        ["remote"] = SharingView.ToJson(remote),
        ["prunedBytes"] = pruned?.RemovedSize,
        ["models"] = new JsonArray([.. models.Select(ModelJson)]),
    };

    private static string Work(IReadOnlyList<BuiltModel> models)
    {
        int computed = models.Sum(model => model.Measurements.Computed.Values.Sum());
        int reused = models.Sum(model => model.Measurements.Reused);
        return computed == 0 && models.All(model => model.Budgets.All(budget => !budget.Result.IsNew))
            ? "Nothing to do: everything was there."
            : $"{computed} actions computed{(computed > 0 ? $" ({string.Join(", ", Counts(models.Select(model => model.Measurements)).Select(stage => $"{stage.Key} {stage.Value}"))})" : "")}, {reused} reused.";
    }

    private static Table CreateTable(BuiltModel model)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("budget");
        string[] texts = ShortNames([.. model.Source.Quality.Texts.Select(text => Printable.Line(text.Text))]);
        foreach (string column in (string[])["removed", "kept", "bytes", "share", .. texts.SelectMany(text => new[] { $"perplexity\n{text}", "rise\nnats" }), .. model.Source.Quality.Tasks.Select(task => $"{(task.HasChoices ? "acc_norm" : "acc")}\n{Path.GetFileNameWithoutExtension(Printable.Line(task.Task))}")])
        {
            table.AddColumn(new TableColumn(new Text(column)).RightAligned());
        }

        table.AddRow(Cells(["dense", Amounts.Percent(0), Amounts.Count(model.Source.LinearParameters), Amounts.Count(model.Source.Bytes), Amounts.Percent(1), .. Measured(model.Source, model.Source.Quality)]));
        foreach ((BudgetResult result, ModelQuality measured) in model.Budgets)
        {
            table.AddRow(Cells(
            [
                result.Budget,
                Amounts.Percent(result.Plan.RemovedShare),
                Amounts.Count(result.Plan.KeptParameters),
                Amounts.Count(result.Bytes),
                Amounts.Percent((double)result.Bytes / model.Source.Bytes),
                .. Measured(model.Source, measured),
            ]));
        }

        return table;
    }

    // The file's name alone where no two texts share it.
    private static string[] ShortNames(string[] texts)
        => texts.DistinctBy(text => Path.GetFileName(text)).Count() == texts.Length ? [.. texts.Select(text => Path.GetFileName(text))] : texts;

    private static IEnumerable<Text> Cells(string[] cells) => cells.Select(cell => new Text(cell));

    private static IEnumerable<string> Measured(SourceResult source, ModelQuality quality)
        => source.Quality.Texts.Zip(quality.Texts).SelectMany(pair => new[]
        {
            pair.Second.Result.Perplexity.ToString("0.000", CultureInfo.InvariantCulture),
            (pair.Second.Result.Nll - pair.First.Result.Nll).ToString("0.0000", CultureInfo.InvariantCulture),
        }).Concat(quality.Tasks.Select(task => Amounts.Percent((task.HasChoices ? task.Answers.NormalizedAccuracy : task.Answers.Accuracy).Share)));

    internal static JsonObject Counts(IEnumerable<RunMeasurements> models)
    {
        var counts = new JsonObject();
        foreach (IGrouping<string, KeyValuePair<string, int>> stage in models.SelectMany(model => model.Computed).GroupBy(stage => stage.Key).OrderBy(stage => stage.Key, StringComparer.Ordinal))
        {
            counts[stage.Key] = stage.Sum(count => count.Value);
        }

        return counts;
    }

    private static JsonNode ModelJson(BuiltModel model) => new JsonObject
    {
        ["name"] = model.Name,
        ["source"] = new JsonObject
        {
            ["folder"] = model.Source.Folder,
            ["bytes"] = model.Source.Bytes,
            ["linearParameters"] = model.Source.LinearParameters,
            ["texts"] = Texts(model.Source, model.Source.Quality),
            ["tasks"] = TaskView.ToJson(model.Source.Quality.Tasks, []),
        },
        ["experts"] = Experts(Coverage(model)),
        ["wallSeconds"] = new JsonObject(model.Measurements.Wall.Select(stage => KeyValuePair.Create(stage.Key, (JsonNode?)stage.Value.TotalSeconds))),
        ["budgets"] = new JsonArray([.. model.Budgets.Select(budget => (JsonNode)new JsonObject
        {
            ["name"] = budget.Result.Budget,
            ["folder"] = budget.Result.Folder,
            ["isNew"] = budget.Result.IsNew,
            ["bytes"] = budget.Result.Bytes,
            ["removedShare"] = budget.Result.Plan.RemovedShare,
            ["keptParameters"] = budget.Result.Plan.KeptParameters,
            ["cost"] = budget.Result.Plan.Cost,
            ["bound"] = budget.Result.Plan.Bound,
            ["proven"] = budget.Result.Plan.IsProven,
            ["texts"] = Texts(model.Source, budget.Quality),
            ["tasks"] = TaskView.ToJson(budget.Quality.Tasks, model.Source.Quality.Tasks),
        })]),
    };

    // Plans of one model differ in their options, not in what the calibration saw.
    private static ExpertCoverage Coverage(BuiltModel model) => ExpertCoverage.Of(model.Budgets[0].Result.Plan);

    private static JsonObject Experts(ExpertCoverage coverage) => new()
    {
        ["unreached"] = new JsonArray([.. coverage.Unreached.Select(name => (JsonNode)name)]),
        ["few"] = new JsonArray([.. coverage.Few.Select(name => (JsonNode)name)]),
    };

    private static JsonArray Texts(SourceResult source, ModelQuality quality)
        => [.. source.Quality.Texts.Zip(quality.Texts).Select(pair =>
        {
            JsonObject node = JsonOutput.Node(pair.Second.Result).AsObject();
            node.Insert(0, "text", pair.Second.Text);
            node["rise"] = pair.Second.Result.Nll - pair.First.Result.Nll;
            return (JsonNode)node;
        })];
}
