namespace Rocket.Inference.Threading;

/// <summary>Work in pieces that write to different places and may run in any order. An object, not a delegate: a step must not allocate.</summary>
internal abstract class ParallelWork
{
    /// <summary>Does one piece.</summary>
    /// <param name="piece">Its number, from 0.</param>
    /// <param name="worker">Number of the thread that does it: the index of scratch memory that is its own.</param>
    public abstract void Run(int piece, int worker);
}
