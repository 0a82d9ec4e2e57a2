using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Stages;

namespace Rocket.Tool.Commands;

/// <summary>A model of the manifest, opened, with the run that works on it.</summary>
internal sealed record OpenModel(ModelManifest Manifest, BuildContext Context, ModelBuild Build);
