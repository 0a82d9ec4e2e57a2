namespace Rocket.Compression.Execution;

/// <summary>What the last block of a dense model gives for windows of a text: compressed models are compared with it. Valid while the model is open, whose head it reads.</summary>
public sealed class ReferenceStates : IDisposable
{
    private readonly Func<DecoderExecutor.Head> _loadHead;

    internal ReferenceStates(HiddenStates states, Func<DecoderExecutor.Head> loadHead) => (States, _loadHead) = (states, loadHead);

    internal HiddenStates States { get; }

    /// <inheritdoc/>
    public void Dispose() => States.Dispose();

    /// <summary>Loads the model's head; the caller's. Between comparisons none is held: it may be the largest matrix.</summary>
    internal DecoderExecutor.Head LoadHead() => _loadHead();
}
