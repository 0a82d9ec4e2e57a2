using System.Collections.Immutable;
using System.CommandLine;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Artifacts.CompressedTensors;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Caching.Remote;
using Rocket.Pipeline.Dependencies;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Stages;
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
        var sources = new SourceOptions();
        var engine = new EngineOptions();
        var sharing = new SharedCacheOptions();
        var phases = new PhaseOptions();
        var output = new Option<string>("--output", "-o") { Description = "Where the artifacts go: OUTPUT/MODEL/BUDGET.", DefaultValueFactory = _ => "out", HelpName = "DIR" };
        var dense = new Option<bool>("--dense") { Description = "Also write OUTPUT/MODEL/BUDGET-dense in the source's own layout, for tools that know no factors. It is not smaller." };
        var type = new Option<string?>("--dtype") { Description = "Type of the dense export's weights: F32, F16 or BF16; by default the source's.", HelpName = "TYPE" };
        var layout = new Option<string?>("--export") { Description = "Also write OUTPUT/MODEL/BUDGET-compressed-tensors for vLLM and transformers: linears of 4 and 8 bits packed, all else multiplied out.", HelpName = CompressedTensorsExport.LayoutName };
        var dependencies = new Option<string?>("--depfile") { Description = "Also write what the build read and wrote, for a build system that wants to know when to run it again.", HelpName = "FILE" };
        var command = new Command("build", "Compress every model of the manifest to every budget, and measure what the manifest asks to.") { output, dense, type, layout, dependencies };
        manifestOptions.AddTo(command);
        sources.AddTo(command);
        engine.AddTo(command);
        engine.AddMemoryTo(command);
        engine.AddDeviceTo(command);
        sharing.AddTo(command);
        phases.AddTo(command);
        ExampleHelp.WithExample(command, "dotnet rocket build rocket.yaml --output out");
        return globals.SetAction(command, (parsed, session) =>
        {
            ImmutableArray<ArtifactExport> exports = [.. ReadDense(parsed.GetValue(dense), parsed.GetValue(type)), .. ReadExport(parsed.GetValue(layout))];
            (BuildPhase Phase, Shard Shard)? part = phases.Read(parsed);
            if (part is not null && (!exports.IsEmpty || parsed.GetValue(dependencies) is not null))
            {
                throw CommandLineErrors.NotTogether("--until", parsed.GetValue(dense) ? "--dense" : !exports.IsEmpty ? "--export" : "--depfile");
            }

            RocketManifest manifest = manifestOptions.Read(parsed);
            string folder = parsed.GetValue(output)!;
            using Store store = sharing.OpenStore(engine.CacheFolder(parsed), parsed, session, manifest);
            manifest = sources.Restore(parsed, session, manifest, store);
            DependencySnapshot? snapshot = parsed.GetValue(dependencies) is null ? null : DependencySnapshot.Take(manifest);
            using RemoteCache? remote = sharing.OpenRemote(parsed, session, manifest, sendsAll: part is not null);
            using var models = OpenModels.Open(manifest, () => engine.CreateContext(parsed, session, store, manifest.Device, remote, fillsRemote: part is not null));
            if (part is { } p)
            {
                return RunPhase(p.Phase, p.Shard, manifest, session, models, store, remote);
            }

            List<BuiltModel> built = [];
            foreach (OpenModel model in models.All)
            {
                session.Log.Message($"{model.Manifest.Name}: {EstimateText.Of(model.Build.Estimate)}", isDetail: true);
                built.Add(session.Log.Run(() => ManifestPlace.Run(manifest, model.Manifest, model.Manifest.Evaluate?.Perplexity, () => BuiltModel.Build(model, session, folder, exports, manifest.Cost))));
                snapshot?.AddShards(model.Build);
            }

            foreach (BuiltModel model in built)
            {
                model.Budgets.ToList().ForEach(budget => snapshot?.AddArtifact(folder, model.Name, budget.Result));
                snapshot?.AddReport(Path.Combine(folder, model.Name, ReportPage.FileName));
            }

            snapshot?.Write(parsed.GetValue(dependencies)!, folder);
            remote?.Finish();
            PruneResult? pruned = store.EndSession();
            session.Write(() => BuildView.ToJson(manifest.Path, folder, built, remote?.Traffic, pruned), terminal => BuildView.Render(terminal, built, remote?.Traffic, pruned));
            return 0;
        });
    }

    private static int RunPhase(BuildPhase phase, Shard shard, RocketManifest manifest, Session session, OpenModels models, Store store, RemoteCache? remote)
    {
        List<(OpenModel Model, string Part)> done =
            [.. models.All.Select(model => (model, session.Log.Run(() => ManifestPlace.Run(manifest, model.Manifest, [], () => model.Build.RunPhase(phase, shard)))))];
        remote?.Finish();
        PruneResult? pruned = store.EndSession();
        session.Write(
            () => PhaseView.ToJson(manifest.Path, phase, shard, done, remote?.Traffic, pruned),
            terminal => PhaseView.Render(terminal, shard, done, remote?.Traffic, pruned));
        return 0;
    }

    private static IEnumerable<DenseExport> ReadDense(bool isAsked, string? type)
    {
        TensorType? known = type is null ? null
            : Types.Contains(type, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<TensorType>(type, ignoreCase: true)
            : throw CommandLineErrors.BadValue("--dtype", type, $"one of {string.Join(", ", Types)}");
        RocketException? error = known is not null && !isAsked ? CommandLineErrors.Needs("--dtype", "--dense") : null;
        return error is not null ? throw error : isAsked ? [new DenseExport(known)] : [];
    }

    private static IEnumerable<CompressedTensorsExport> ReadExport(string? layout) => layout switch
    {
        null => [],
        CompressedTensorsExport.LayoutName => [new CompressedTensorsExport()],
        _ => throw CommandLineErrors.BadValue("--export", layout, CompressedTensorsExport.LayoutName),
    };
}
