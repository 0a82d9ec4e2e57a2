using System.Text.Json.Serialization;
using Rocket.Compression.Factorization;

namespace Rocket.Compression.Profiling;

/// <summary>What one option of a linear weighs and what it costs.</summary>
/// <param name="Option">The form with its parameters; null: the linear stays dense, at no error.</param>
/// <param name="Parameters">Parameters kept, by the paper's count.</param>
/// <param name="Errors">Errors as stored.</param>
public sealed record ProfiledOption(LinearOption? Option, long Parameters, FactorizationErrors Errors)
{
    /// <summary>Whether the errors are read from a surface through those of other options (see <see cref="OptionGrid.IsSurveyed"/>), not evaluated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsRead { get; init; }

    /// <summary>The option that keeps the weight as it is.</summary>
    public static ProfiledOption Dense(long parameters) => new(null, parameters, new FactorizationErrors(0, 0, 0));
}
