using System.CommandLine;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Dependencies;
using Rocket.Pipeline.Manifest;
using Rocket.Tool.Diagnostics;
using Rocket.Tool.Output;

namespace Rocket.Tool.Commands;

/// <summary><c>rocket build</c>: the main job.</summary>
internal static class BuildCommand
{
    private static readonly string[] Types = [nameof(TensorType.F32), nameof(TensorType.F16), nameof(TensorType.BF16)];

    public static Command Create(GlobalOptions globals)
    {
        var manifestOptions = new ManifestOptions();
        var engine = new EngineOptions();
        var output = new Option<string>("--output", "-o") { Description = "Where the artifacts go: OUTPUT/MODEL/BUDGET.", DefaultValueFactory = _ => "out", HelpName = "DIR" };
        var dense = new Option<bool>("--dense") { Description = "Also write OUTPUT/MODEL/BUDGET-dense in the source's own layout, for tools that know no factors. It is not smaller." };
        var type = new Option<string?>("--dtype") { Description = "Type of the dense export's weights: F32, F16 or BF16; by default the source's.", HelpName = "TYPE" };
        var dependencies = new Option<string?>("--depfile") { Description = "Also write what the build read and wrote, for a build system that wants to know when to run it again.", HelpName = "FILE" };
        var command = new Command("build", "Compress every model of the manifest to every budget, and measure what the manifest asks to.") { output, dense, type, dependencies };
        manifestOptions.AddTo(command);
        engine.AddTo(command);
        ExampleHelp.WithExample(command, "dotnet rocket build rocket.yaml --output out");
        return globals.SetAction(command, (parsed, session) =>
        {
            DenseExport? export = ReadExport(parsed.GetValue(dense), parsed.GetValue(type));
            RocketManifest manifest = manifestOptions.Read(parsed);
            string folder = parsed.GetValue(output)!;
            DependencySnapshot? snapshot = parsed.GetValue(dependencies) is null ? null : DependencySnapshot.Take(manifest);
            using Store store = engine.OpenStore(parsed, session);
            using var models = OpenModels.Open(manifest, () => engine.CreateContext(parsed, session, store));
            List<BuiltModel> built = [];
            foreach (OpenModel model in models.All)
            {
                session.Log.Message($"{model.Manifest.Name}: {EstimateText.Of(model.Build.Estimate)}", isDetail: true);
                built.Add(session.Log.Run(() => ManifestPlace.Run(manifest, model.Manifest, model.Manifest.Evaluate?.Perplexity, () => BuiltModel.Build(model, session, folder, export, manifest.Cost))));
                snapshot?.AddShards(model.Build);
            }

            foreach (BuiltModel model in built)
            {
                model.Budgets.ToList().ForEach(budget => snapshot?.AddArtifact(folder, model.Name, budget.Result));
                snapshot?.AddReport(Path.Combine(folder, model.Name, ReportPage.FileName));
            }

            snapshot?.Write(parsed.GetValue(dependencies)!, folder);

            session.Write(() => BuildView.ToJson(manifest.Path, folder, built), terminal => BuildView.Render(terminal, built));
            return 0;
        });
    }

    private static DenseExport? ReadExport(bool isAsked, string? type)
    {
        TensorType? known = type is null ? null
            : Types.Contains(type, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<TensorType>(type, ignoreCase: true)
            : throw CommandLineErrors.BadValue("--dtype", type, $"one of {string.Join(", ", Types)}");
        RocketException? error = known is not null && !isAsked ? CommandLineErrors.Needs("--dtype", "--dense") : null;
        return error is not null ? throw error : isAsked ? new DenseExport(known) : null;
    }
}
