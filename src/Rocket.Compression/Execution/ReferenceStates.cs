namespace Rocket.Compression.Execution;

/// <summary>What the last block of a dense model gives for windows of a text, with the model's head: compressed models are compared with it.</summary>
public sealed class ReferenceStates : IDisposable
{
    internal ReferenceStates(HiddenStates states, DecoderExecutor.Head head) => (States, Head) = (states, head);

    internal HiddenStates States { get; }

    internal DecoderExecutor.Head Head { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Head.Dispose();
        States.Dispose();
    }
}
