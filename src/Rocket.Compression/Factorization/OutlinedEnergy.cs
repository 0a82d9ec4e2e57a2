namespace Rocket.Compression.Factorization;

/// <summary>Where a dictionary's error comes from.</summary>
/// <param name="Tail">Energy in the directions that it has no atom for: by Eckart and Young no dictionary of so many atoms loses less of the whitened weight.</param>
/// <param name="Dropped">Energy of its atoms' coefficients that are not stored.</param>
public readonly record struct OutlinedEnergy(double Tail, double Dropped);
