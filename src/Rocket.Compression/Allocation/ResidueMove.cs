namespace Rocket.Compression.Allocation;

/// <summary>A deviation of one group in the terms of a <see cref="ResiduePass"/>.</summary>
/// <param name="Column">The column, or -1 for the class that swaps.</param>
/// <param name="Point">The point of the class's front that is taken.</param>
/// <param name="Weight">The weight that it adds, modulo a swap's.</param>
/// <param name="Cost">What it adds in cost together with the swaps that bring its weight below one swap's.</param>
/// <param name="RealWeight">The weight that it adds.</param>
internal readonly record struct ResidueMove(int Column, int Point, long Weight, long Cost, long RealWeight)
{
    /// <summary>The move of a deviation.</summary>
    public static ResidueMove Of(int column, in CoreColumn.Deviation deviation, LagrangianPoint.Swap swap)
    {
        var swaps = LagrangianPoint.Swap.Floor(deviation.Weight, swap.Weight);
        return new ResidueMove(column, deviation.Point, deviation.Weight - (swaps * swap.Weight), deviation.Cost + (swaps * swap.Saving), deviation.Weight);
    }
}
