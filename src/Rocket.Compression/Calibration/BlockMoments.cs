using Rocket.Models.Architectures;
using static TorchSharp.torch;

namespace Rocket.Compression.Calibration;

/// <summary>Second moments of the distinct inputs of one block: Gram matrices G = X^T X in double.</summary>
public sealed class BlockMoments() : MomentSums(Prefix)
{
    /// <summary>Begins the names of Gram matrices in a file; an input's name follows.</summary>
    internal const string Prefix = "gram.";

    // Windows add to the lower halves alone.
    private bool _isWhole = true;

    /// <summary>G of an input, float64 <c>[d_in, d_in]</c>; null where no token reached it.</summary>
    public Tensor? Gram(InputSlot slot)
    {
        Complete();
        return Find(slot.ToString())?.Sum;
    }

    /// <summary>Number of tokens that G of an input sums over.</summary>
    public long Tokens(InputSlot slot) => Find(slot.ToString())?.Tokens ?? 0;

    /// <summary>One of <see cref="MomentSums.Names"/>, whole.</summary>
    internal (Tensor Gram, long Tokens) Named(string name)
    {
        Complete();
        return Find(name)!.Value;
    }

    /// <summary>Adds the moments of one window. The order of the calls decides the bits of the sum.</summary>
    public void Add(WindowMoments window)
    {
        ArgumentNullException.ThrowIfNull(window);
        _isWhole = false;
        foreach ((InputSlot slot, Tensor[] panels, long tokens) in window.Moments)
        {
            long size = panels[0].shape[0];
            GramPanels.AddTo(SumOf(slot.ToString(), [size, size], tokens), panels);
        }
    }

    /// <summary>Reads one input's moments from a file of <see cref="MomentSums.Save"/>.</summary>
    /// <returns>G (the caller's, float64 <c>[d_in, d_in]</c>) and the number of tokens; null where no token reached the input.</returns>
    public static (Tensor Gram, long Tokens)? Load(string path, InputSlot slot) => Load(path, Prefix, slot.ToString());

    /// <summary>Reads the number of tokens that reached an input, from a file of <see cref="MomentSums.Save"/>.</summary>
    public static long LoadTokens(string path, InputSlot slot) => LoadTokens(path, Prefix, slot.ToString());

    internal override void Complete()
    {
        foreach (string name in _isWhole ? [] : Names)
        {
            GramPanels.Mirror(Find(name)!.Value.Sum);
        }

        _isWhole = true;
    }
}
