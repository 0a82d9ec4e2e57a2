using System.Text.Json.Nodes;

namespace Rocket.Pipeline.Artifacts;

/// <summary>The config.json of an artifact: the source's, with what its layout has to say.</summary>
internal static class ArtifactConfig
{
    /// <summary>The file's bytes.</summary>
    /// <param name="sourcePath">config.json of the source.</param>
    /// <param name="configure">Adds what the layout has to say.</param>
    public static byte[] Create(string sourcePath, Action<JsonObject> configure)
    {
        JsonObject config = (JsonObject)JsonNode.Parse(File.ReadAllBytes(sourcePath))!;
        configure(config);
        return ArtifactJson.Serialize(config);
    }
}
