namespace Rocket.Compression.Factorization;

/// <summary>Relative errors of a factored linear as it is stored.</summary>
/// <param name="Whitened">||S (W - W^)^T||_F / ||S W^T||_F: of the linear's outputs over the calibration tokens.</param>
/// <param name="Weight">||W - W^||_F / ||W||_F: the paper's cost.</param>
public readonly record struct FactorizationErrors(double Whitened, double Weight);
