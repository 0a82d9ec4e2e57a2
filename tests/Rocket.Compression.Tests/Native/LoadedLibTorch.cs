using Rocket.Compression.Native;

namespace Rocket.Compression.Tests.Native;

/// <summary>
/// Loads libtorch before any test runs: the first call of TorchSharp without it fails for the whole process,
/// and which test comes first is not told.
/// </summary>
public sealed class LoadedLibTorch
{
    public LoadedLibTorch() => LibTorch.Load();
}
