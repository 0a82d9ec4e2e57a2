using Rocket.Models.Factors;

namespace Rocket.Compression.Factorization;

/// <summary>Writes one linear in any form that it knows. Profile and factors come from the same computation, so predicted and realised errors agree.</summary>
public interface ILinearFactorizer : IDisposable
{
    /// <summary>The errors of an option, after rounding to the stored type.</summary>
    FactorizationErrors Evaluate(LinearOption choice);

    /// <summary>The factors of an option as they are stored, and their errors.</summary>
    (LinearFactors Factors, FactorizationErrors Errors) Factorize(LinearOption choice);
}
