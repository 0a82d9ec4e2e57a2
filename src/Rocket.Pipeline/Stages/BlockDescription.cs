using System.Globalization;
using Rocket.Models.Architectures;

namespace Rocket.Pipeline.Stages;

/// <summary>What a block's arithmetic depends on beside its weights, as a text for keys.</summary>
internal static class BlockDescription
{
    /// <summary>Every number of the block that config.json decides.</summary>
    public static string Of(BlockSpec block)
    {
        AttentionSpec attention = block.Attention;
        FeedForwardSpec feedForward = block.FeedForward;
        string[] parts =
        [
            $"heads {attention.Heads}/{attention.KeyValueHeads}x{attention.HeadSize}",
            $"scale {Number(attention.Scale)} cap {Number(attention.SoftCap)} window {attention.Window}",
            $"rope {Rope(attention.Rope)}",
            $"norms {string.Join(' ', block.Norms.Select(Norm))}",
            $"residual {Number(block.ResidualMultiplier)}",
            $"activation {feedForward.Activation} experts {feedForward.Experts.Length} top {feedForward.Router?.TopK} renormalize {feedForward.Router?.Renormalize}",
        ];
        return string.Join("; ", parts);
    }

    /// <summary>A norm's kind and numbers.</summary>
    public static string Of(NormSpec norm) => Norm(norm);

    private static string Norm(NormSpec? norm) => norm is null ? "-" : $"{norm.Kind} {norm.Size} {Number(norm.Epsilon)} {(norm.UnitOffset ? "1+w" : "w")}";

    private static string Rope(RopeSpec? rope) => rope is null
        ? "-"
        : $"{string.Join(',', rope.InverseFrequencies.Select(f => Number(f)))} x {Number(rope.Amplitude)} long {rope.OriginalLength} {string.Join(',', rope.LongInverseFrequencies.Select(f => Number(f)))}";

    private static string Number(float? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "-";
}
