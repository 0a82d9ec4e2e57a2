using System.Text.Json.Nodes;

namespace Rocket.Pipeline.Artifacts.Layouts;

/// <summary>How the weights of a plan are laid out in a folder, and what its JSON files say of it.</summary>
/// <param name="Tensors">The tensors, made while they are enumerated and written.</param>
/// <param name="Configure">Changes the source's config.json.</param>
/// <param name="Describe">Changes the artifact's rocket.json.</param>
internal sealed record ArtifactLayout(IEnumerable<ArtifactTensor> Tensors, Action<JsonObject> Configure, Action<JsonObject> Describe);
