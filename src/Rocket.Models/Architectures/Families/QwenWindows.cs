using System.Collections.Immutable;
using Rocket.Models.Architectures.Configuration;

namespace Rocket.Models.Architectures.Families;

/// <summary>Sliding windows of Qwen 2 and 3: only with <c>use_sliding_window</c>, and from layer <c>max_window_layers</c> on.</summary>
internal static class QwenWindows
{
    private const int DefaultWindow = 4096;
    private const int DefaultFirstLayer = 28;

    /// <summary>Each layer's window, or null.</summary>
    public static ImmutableArray<int?> Read(ConfigObject config, int layers)
    {
        int? window = Window(config);

        // Published configurations may say 0: then every layer has a window.
        int firstLayer = config.OptionalCount("max_window_layers", int.MaxValue) ?? DefaultFirstLayer;
        return AttentionWindows.Read(config, layers, window, layer => window is not null && layer >= firstLayer);
    }

    /// <summary>The window where the model uses one; a width that it only mentions is ignored.</summary>
    public static int? Window(ConfigObject config)
        => config.Flag("use_sliding_window", false) ? AttentionWindows.Width(config, DefaultWindow) : null;
}
