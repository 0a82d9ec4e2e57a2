using Rocket.Inference.Threading;
using Rocket.Inference.Weights;

namespace Rocket.Inference.Execution;

/// <summary>Norms and rotates queries and keys in place.</summary>
internal sealed unsafe class HeadPreparation(WorkerPool pool) : TokenWork
{
    private BlockWeights? _block;
    private RotaryTable.Angles? _angles;
    private float* _query;
    private float* _key;
    private int _start;

    /// <summary>Prepares queries <c>[tokens, heads * size]</c> and keys <c>[tokens, kv_heads * size]</c> of the positions from <paramref name="start"/>.</summary>
    public void Run(BlockWeights block, RotaryTable.Angles? angles, float* query, float* key, int start, int tokens)
    {
        if (angles is null && block.QueryNorm is null && block.KeyNorm is null)
        {
            return;
        }

        _block = block;
        _angles = angles;
        _query = query;
        _key = key;
        _start = start;
        RunAll(pool, tokens);
    }

    /// <inheritdoc/>
    protected override void RunToken(int token)
    {
        int size = _block!.Spec.Attention.HeadSize;
        int heads = _block.Spec.Attention.Heads;
        int keyHeads = _block.Spec.Attention.KeyValueHeads;
        Prepare(_query + ((nint)token * heads * size), heads, size, _block.QueryNorm, _start + token);
        Prepare(_key + ((nint)token * keyHeads * size), keyHeads, size, _block.KeyNorm, _start + token);
    }

    private void Prepare(float* x, int heads, int size, NormWeights? norm, int position)
    {
        if (norm is not null && norm.Spec.Size != size)
        {
            Normalization.Apply(norm, x, x);
        }

        for (int h = 0; h < heads; h++)
        {
            float* head = x + ((nint)h * size);
            if (norm is not null && norm.Spec.Size == size)
            {
                Normalization.Apply(norm, head, head);
            }

            _angles?.Rotate(head, position);
        }
    }
}
