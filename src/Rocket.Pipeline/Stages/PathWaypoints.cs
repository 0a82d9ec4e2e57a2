using System.Globalization;
using Rocket.Compression.Execution;
using Rocket.Compression.Factorization;
using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;
using Rocket.Models.Factors;
using Rocket.Pipeline.Caching;
using static TorchSharp.torch;

namespace Rocket.Pipeline.Stages;

/// <summary>
/// A linear with a quarter and with half of its entries removed, as its profile passed it. A plan's factors begin there: most of their way is walked already.
/// An aid of this store alone: what is not there is walked, to the same bytes, and a team does not share it.
/// </summary>
internal sealed class PathWaypoints : IWaypoints
{
    private const string Name = "waypoints";
    private const int Version = 1;

    // Falling. They take 5.3 bytes an entry, and leave four steps at most; from W there are up to 16.
    private static readonly int[] Kept = [10, 5];

    private readonly BuildContext _context;
    private readonly ActionLabel _label;
    private readonly Digest _key;
    private readonly LinearSpec _linear;
    private readonly List<OutputFile> _passed = [];

    private PathWaypoints(BuildContext context, ActionLabel label, Digest key, LinearSpec linear)
        => (_context, _label, _key, _linear) = (context, label, key, linear);

    /// <summary>Those of a linear.</summary>
    public static PathWaypoints Of(BuildContext context, string model, LinearTask task, BlockSpec block, LinearSpec linear)
        => new(context, new ActionLabel(Name, model), task.AddTo(new KeyBuilder(Name, Version), block, linear).Build(), linear);

    /// <inheritdoc/>
    public void Pass(int station, Tensor weight)
    {
        if (!Kept.Contains(station) || _context.Store.TryGetOutput(_key, FileOf(station), verify: false) is not null)
        {
            return;
        }

        LinearFactors factors = LinearFactors.Pack(weight.Elements<float>(), [], _linear.DIn, _linear.DOut, _linear.DIn, TensorType.F32);
        _passed.Add(_context.Put(FileOf(station), stream => FactorFile.Write(stream, _linear.Key, factors)));
    }

    /// <inheritdoc/>
    public (int Station, Tensor Weight)? Last(int first, int last)
    {
        foreach (int kept in Kept.Where(kept => kept >= first && kept <= last))
        {
            if (_context.Store.TryGetOutput(_key, FileOf(kept)) is { } path)
            {
                return (kept, Load(path));
            }
        }

        return null;
    }

    /// <summary>Records what was passed, beside what was there before.</summary>
    public void Keep()
    {
        if (_passed.Count > 0)
        {
            IEnumerable<OutputFile> before = _context.Store.TryGetAction(_key)?.OutputFiles ?? [];
            OutputFile[] all = [.. before.Concat(_passed).DistinctBy(file => file.Path).OrderBy(file => file.Path, StringComparer.Ordinal)];
            _context.Store.PutAction(_key, new ActionResult([.. all]) { Label = _label });
        }
    }

    private static string FileOf(int station) => string.Create(CultureInfo.InvariantCulture, $"{station}.safetensors");

    private Tensor Load(string path)
    {
        using var file = SafetensorsFile.Open(path);
        ReadOnlyMemory<byte> Part(string suffix) => file.Get(_linear.Key + suffix).Bytes.ToArray();
        long count = LinearFactors.CountStored(Part(FactoredLinear.MaskSuffix).Span);
        var info = new FactoredLinear(LinearForm.Sparse, _linear.DIn, _linear.DOut, _linear.DIn, count, TensorType.F32);
        Tensor weight = empty([_linear.DOut, _linear.DIn], ScalarType.Float32).DetachFromDisposeScope();
        new LinearFactors(info, Part).Expand(weight.Elements<float>());
        return weight;
    }
}
