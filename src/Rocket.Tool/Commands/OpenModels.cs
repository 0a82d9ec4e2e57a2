using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Stages;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Commands;

/// <summary>All models of a manifest, opened before anything is computed: what is wrong with the last one shows at once.</summary>
internal sealed class OpenModels : IDisposable
{
    private readonly List<OpenModel> _models = [];

    public IReadOnlyList<OpenModel> All => _models;

    public static OpenModels Open(RocketManifest manifest, Func<BuildContext> createContext)
    {
        var opened = new OpenModels();
        try
        {
            foreach (ModelManifest model in manifest.Models)
            {
                BuildContext context = createContext();
                ModelBuild build = ManifestPlace.Run(manifest, model, model.Calibration.Corpus, () => ModelBuild.Open(context, manifest, model));
                opened._models.Add(new OpenModel(model, context, build));
            }

            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public void Dispose() => _models.ForEach(model => model.Build.Dispose());
}
