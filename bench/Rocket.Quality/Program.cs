using System.CommandLine;
using Rocket.Quality;

var shared = new Option<string>("--shared") { Description = "The folder with models and corpora.", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ROCKET_SHARED") ?? "../shared" };
var chat = new Option<string>("--chat-model") { Description = "The folder of smollm2-135m, laid out.", DefaultValueFactory = _ => "models/smollm2-135m" };
var samples = new Option<string>("--samples") { Description = "The repository's samples.", DefaultValueFactory = _ => "samples" };
var models = new Option<string[]>("--model") { Description = "Which models; may be repeated.", DefaultValueFactory = _ => ["little-stories"] };
var studies = new Option<string[]>("--study") { Description = "methods, bytes, corpora or singles; may be repeated.", DefaultValueFactory = _ => ["methods"] };
var output = new Option<string>("--output") { Description = "Where quality.md, quality.json, manifests and artifacts go.", DefaultValueFactory = _ => "quality" };
var cache = new Option<string>("--cache") { Description = "The tool's cache; what is there is not computed again.", DefaultValueFactory = _ => "quality/cache" };
var windows = new Option<int?>("--calibration-windows") { Description = "Calibration windows; by default as many as the tables of the documentation say." };
studies.AcceptOnlyFromAmong("methods", "bytes", "corpora", "singles");

var command = new RootCommand("Compresses models in many ways and measures what each costs.") { shared, chat, samples, models, studies, windows, output, cache };
command.SetAction(parsed =>
{
    IReadOnlyList<StudyModel> known = StudyModel.All(Path.GetFullPath(parsed.GetValue(shared)!), Path.GetFullPath(parsed.GetValue(chat)!), Path.GetFullPath(parsed.GetValue(samples)!));
    var run = new Studies(new RocketProcess(Path.GetFullPath(Path.Combine(parsed.GetValue(output)!, "builds")), Path.GetFullPath(parsed.GetValue(cache)!)));
    var report = new StudyReport(parsed.GetValue(output)!);
    foreach (string name in parsed.GetValue(models)!)
    {
        StudyModel? model = known.FirstOrDefault(one => one.Name == name);
        if (model is null)
        {
            Console.Error.WriteLine($"No model \"{name}\": there are {string.Join(", ", known.Select(one => one.Name))}.");
            return 1;
        }

        model = model with { Samples = parsed.GetValue(windows) ?? model.Samples };
        foreach (string study in parsed.GetValue(studies)!)
        {
            (string title, StudyResult result) = study switch
            {
                "bytes" => ("budgets of true bytes", run.TrueBytes(model)),
                "corpora" => ("calibration sets", run.Corpora(model)),
                "singles" => ("single linears compressed alone", run.Singles(model)),
                _ => ("methods", run.Methods(model, Variant.Methods)),
            };
            report.Add(result.Model, title, result.Measurements, inOneUnit: study is "bytes" or "singles");
        }
    }

    return 0;
});
return command.Parse(args).Invoke();
