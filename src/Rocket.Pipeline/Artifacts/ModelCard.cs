using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Rocket.Pipeline.Artifacts;

/// <summary>The README.md of an artifact, made from rocket.json alone.</summary>
internal static class ModelCard
{
    /// <summary>The file's bytes.</summary>
    public static byte[] Create(JsonObject provenance)
    {
        JsonNode plan = provenance["plan"]!;
        JsonNode source = provenance["source"]!;
        JsonNode calibration = provenance["calibration"]!;
        string layout = provenance["denseExport"] is not null ? ", multiplied out again: this dense export is not smaller than its source"
            : provenance["export"] is JsonObject export ? $",\nin the layout that vLLM and transformers read ({export["layout"]}): {export["packed"]} linears are packed, {export["multipliedOut"]} weights multiplied out again"
            : "";
        long bytes = (long)provenance["bytes"]!;
        long sourceBytes = (long)source["bytes"]!;
        int linears = plan["linears"]!.AsArray().Count;
        int factored = plan["linears"]!.AsArray().Count(linear => (string)linear!["form"]! != "dense");
        int unreached = plan["linears"]!.AsArray().Count(linear => linear!["tokens"] is JsonNode tokens && (long)tokens == 0);
        string experts = unreached == 0 ? "" : $"\n| linears of experts that saw no token of the calibration text, kept dense | {unreached} |";
        string text = string.Create(CultureInfo.InvariantCulture, $"""
            # {provenance["model"]}, {provenance["budget"]!["name"]}

            A smaller form of a {provenance["modelType"]} model, compressed without training by Rocket
            (method {provenance["method"]}, arXiv 2602.11008){layout}.

            | | |
            |---|---|
            | linears' parameters kept (masks not counted) | {(long)plan["keptParameters"]!:N0} of {(long)plan["denseParameters"]!:N0} ({100 * (double)plan["removedShare"]!:0.00} % removed) |
            | bytes of the safetensors files (headers and masks included) | {bytes:N0} of {sourceBytes:N0} |
            | factored linears | {factored} of {linears} |
            | calibration | {calibration["samples"]} windows of {calibration["sequenceLength"]} tokens, seed {calibration["seed"]} |{experts}
            | source | sha256 {source["digest"]} |

            The licence is the source model's.

            """);
        return Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"));
    }
}
