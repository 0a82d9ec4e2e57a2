using Rocket.Compression.Factorization;
using Rocket.Models.Architectures;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Stages;

/// <summary>Where the factors of a plan's linears come from.</summary>
public interface IFactorSource
{
    /// <summary>Key of what makes a linear's factors.</summary>
    Digest KeyOf(BlockSpec block, LinearSpec linear, LinearOption choice);

    /// <summary>Path of the factors, a safetensors file with the linear's tensors.</summary>
    string Factors(BlockSpec block, LinearSpec linear, LinearOption choice);

    /// <summary>Form, sizes and errors of the factors.</summary>
    FactorizationResult Result(BlockSpec block, LinearSpec linear, LinearOption choice);
}
