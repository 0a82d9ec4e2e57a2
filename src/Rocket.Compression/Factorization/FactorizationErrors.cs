namespace Rocket.Compression.Factorization;

/// <summary>Errors of a factored linear as it is stored.</summary>
/// <param name="Whitened">||S (W - W^)^T||_F / ||S W^T||_F: of the linear's outputs over the calibration tokens.</param>
/// <param name="Weight">||W - W^||_F / ||W||_F: the paper's cost.</param>
/// <param name="Loss">Predicted rise of the loss, nats a token (see <see cref="LinearStatistics"/>); null in the paper's method, which predicts none.</param>
public readonly record struct FactorizationErrors(double Whitened, double Weight, double? Loss = null);
