using System.Text.Json;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Reporting.Page;

/// <summary>One budget on the page.</summary>
/// <param name="Record">What was measured.</param>
/// <param name="Artifact">What the artifact says of itself; null: it is not there any more.</param>
internal sealed record ReportBudget(RunFile Record, ProvenanceFile? Artifact)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };

    /// <summary>The budget's name.</summary>
    public string Name => Record.Budget;

    /// <summary>True bytes over those of the source.</summary>
    public double ByteShare => (double)Record.Bytes / Record.SourceBytes;

    /// <summary>The predicted rise in nats a token; null where it is not known.</summary>
    public double? Predicted => Artifact?.Plan.PredictedNats;

    /// <summary>Whether values are stored in integer codes: at the same bytes that loses far less than removing entries, so it is a curve of its own.</summary>
    public bool HasCodes => Artifact?.Plan.Linears.Any(linear => linear.Bits is not null) ?? false;

    /// <summary>Reads a budget: its record, and the artifact beside it.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT6201, RKT6005: one of the two is damaged.</exception>
    public static ReportBudget Read(string path)
    {
        RunFile record = RunRecord.Read(path);
        string provenance = Path.Combine(Path.GetDirectoryName(path)!, record.Budget, Provenance.FileName);
        if (!File.Exists(provenance))
        {
            return new(record, null);
        }

        try
        {
            return new(record, JsonSerializer.Deserialize<ProvenanceFile>(File.ReadAllBytes(provenance), Options));
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw OutputErrors.DamagedProvenance(provenance, exception);
        }
    }
}
