using Rocket.Compression.Execution;
using static TorchSharp.torch;

namespace LittleStories;

/// <summary>Perplexity over windows spread evenly over a text, as <c>rocket evaluate</c> takes them.</summary>
internal static class Evaluator
{
    /// <summary>Mean negative log-likelihood in nats a token: window j of n begins at floor(j K / n) L, its first token is not predicted.</summary>
    public static double NegativeLogLikelihood(LlamaModel model, int[] ids, int windows)
    {
        const int length = ModelShape.Window;
        var available = ids.Length / length;
        var sum = 0.0;
        using var noGradient = no_grad();
        for (var j = 0; j < windows; j++)
        {
            using var scope = NewDisposeScope();
            var start = (int)((long)j * available / windows) * length;
            var window = ids.AsSpan(start, length).ToArray().Select(id => (long)id).ToArray();
            sum += model.Loss(tensor(window, 1, length)).Value<float>();
        }

        return sum / windows;
    }
}
