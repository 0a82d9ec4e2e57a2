using Rocket.Models.Diagnostics;

namespace Rocket.Compression.Diagnostics;

/// <summary>Errors of running a model with libtorch and of compressing it (RKT3xxx).</summary>
public static class CompressionErrors
{
    /// <summary>RKT3001: libtorch is not where it should be.</summary>
    public static RocketException LibTorchNotFound(string folder, string packageId) => new(
        "RKT3001", $"libtorch was not found in '{folder}'. Let the tool fetch the NuGet package '{packageId}', or restore it into the global packages folder.");

    /// <summary>RKT3002: libtorch is there and does not load.</summary>
    public static RocketException LibTorchDoesNotLoad(string folder, Exception cause) => new(
        "RKT3002", $"libtorch in '{folder}' does not load: {cause.Message} Delete the folder so that the package is fetched again, or install the library that is missing.", innerException: cause);

    /// <summary>RKT3003: TorchSharp's library needs a newer C++ runtime and is not the one that can be patched.</summary>
    public static RocketException LibraryCannotBePatched(string library, string version) => new(
        "RKT3003", $"'{library}' needs {version} of the C++ runtime, which this system lacks. Install libstdc++ of GCC 13 or newer.");

    /// <summary>RKT3004: no libtorch package for this platform.</summary>
    public static RocketException NoLibTorchForPlatform(string rid) => new(
        "RKT3004", $"There is no libtorch package for '{rid}'. Compress on linux-x64, osx-arm64, win-x64 or win-arm64; an artifact runs everywhere.");

    /// <summary>RKT3005: a device that was asked for and is not there.</summary>
    public static RocketException NoSuchDevice(string name) => new(
        "RKT3005", $"libtorch has no device \"{name}\" here. Use `device: cpu` or `device: auto`, or name the folder of a libtorch {Native.LibTorch.Version} that has it in {Native.LibTorch.FolderVariable}.");

    /// <summary>RKT3010: a Gram matrix cannot be one.</summary>
    public static RocketException GramNotPositive(string name, double smallest, double largest) => new(
        "RKT3010", $"The Gram matrix of '{name}' is not positive semidefinite (eigenvalues from {smallest:g3} to {largest:g3}). Its calibration data is damaged: run 'rocket cache verify' and build again.");

    /// <summary>RKT3011: an activation overflowed or was not a number.</summary>
    public static RocketException ActivationsNotFinite(string name) => new(
        "RKT3011", $"The calibration inputs of '{name}' hold NaN or infinite values. The checkpoint's weights are damaged or overflow in float32: check the source model.");

    /// <summary>RKT3012: a token id that the model does not have.</summary>
    public static RocketException TokenOutOfRange(int id, int vocabularySize) => new(
        "RKT3012", $"Token id {id} is outside the model's vocabulary of {vocabularySize}. The text was tokenised for another model: use the tokenizer of the source folder.");
}
