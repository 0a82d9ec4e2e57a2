namespace Rocket.Compression.Factorization;

/// <summary>What is known of a dictionary before it is solved for.</summary>
/// <param name="Whitened">Energies of the whitened weight, as shares of all of it.</param>
/// <param name="Weight">The same in the space of W, where atoms are not orthogonal and shares need not add up.</param>
/// <param name="Atoms">Atoms that have a coefficient.</param>
public readonly record struct DictionaryOutline(OutlinedEnergy Whitened, OutlinedEnergy Weight, int Atoms);
