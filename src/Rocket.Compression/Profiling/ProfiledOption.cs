using Rocket.Compression.Factorization;

namespace Rocket.Compression.Profiling;

/// <summary>What one option of a linear weighs and what it costs.</summary>
/// <param name="Dictionary">The form's parameters; null: the linear stays dense, at no error.</param>
/// <param name="Parameters">Parameters kept, by the paper's count.</param>
/// <param name="Errors">Relative errors as stored.</param>
public sealed record ProfiledOption(DictionaryOption? Dictionary, long Parameters, FactorizationErrors Errors)
{
    /// <summary>The option that keeps the weight as it is.</summary>
    public static ProfiledOption Dense(long parameters) => new(null, parameters, default);
}
