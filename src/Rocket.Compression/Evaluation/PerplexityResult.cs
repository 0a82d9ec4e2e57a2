using System.Text.Json.Serialization;

namespace Rocket.Compression.Evaluation;

/// <summary>Perplexity over evenly spread windows of a text.</summary>
public sealed record PerplexityResult
{
    /// <summary>T: tokens of the whole text.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens that were predicted: all of the windows' but each window's first.</summary>
    public required long PredictedTokens { get; init; }

    /// <summary>Number of windows.</summary>
    public required int Windows { get; init; }

    /// <summary>Tokens a window.</summary>
    public required int Length { get; init; }

    /// <summary>Mean negative log-likelihood, nats a predicted token.</summary>
    public required double Nll { get; init; }

    /// <summary>Agreement with the dense model on the same windows; null where it was not compared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Agreement? Agreement { get; init; }

    /// <summary>exp(nll).</summary>
    public double Perplexity => Math.Exp(Nll);

    /// <summary>Words of the whole text; null where the text came as token ids.</summary>
    public long? Words { get; init; }

    /// <summary>UTF-8 bytes of the whole text; null where the text came as token ids.</summary>
    public long? Bytes { get; init; }

    /// <summary>exp(nll T / words).</summary>
    public double? WordPerplexity => Words is > 0 ? Math.Exp(Nll * Tokens / Words.Value) : null;

    /// <summary>exp(nll T / bytes).</summary>
    public double? BytePerplexity => Bytes is > 0 ? Math.Exp(Nll * Tokens / Bytes.Value) : null;

    /// <summary>nll T / (bytes ln 2).</summary>
    public double? BitsPerByte => Bytes is > 0 ? Nll * Tokens / (Bytes.Value * Math.Log(2)) : null;
}
