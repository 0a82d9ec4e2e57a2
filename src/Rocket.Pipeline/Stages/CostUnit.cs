using System.Text.Json.Serialization;

namespace Rocket.Pipeline.Stages;

/// <summary>What a plan's cost is the sum of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CostUnit>))]
public enum CostUnit
{
    /// <summary>||W - W^||_F / ||W||_F of every linear: the paper's.</summary>
    WeightError,

    /// <summary>Squared relative error of every linear's outputs over the calibration tokens, where no gradients are taken.</summary>
    OutputError,

    /// <summary>Predicted rise of the loss, nats a token.</summary>
    Nats,
}
