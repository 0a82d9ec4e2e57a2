using System.Runtime.InteropServices;
using Rocket.Compression.Diagnostics;
using TorchSharp;

namespace Rocket.Compression.Native;

/// <summary>Loads the native libraries of libtorch from where NuGet keeps them, so that no output folder holds a copy of 500 MB.</summary>
public static class LibTorch
{
    /// <summary>The version of libtorch that the pinned TorchSharp was built against.</summary>
    public const string Version = "2.10.0";

    /// <summary>Bytes of freed tensors, each below 4 MB, that a thread's heap keeps for the next ones.</summary>
    public const int HeapEnd = 64 << 20;

    /// <summary>Names a folder of native libraries of the user's own, such as those of a libtorch with CUDA, in place of the package's.</summary>
    public const string FolderVariable = "ROCKET_LIBTORCH";

    private static readonly Lock Gate = new();
    private static bool _loaded;

    /// <summary>Id of the NuGet package that brings libtorch to this platform, or null where there is none.</summary>
    public static string? PackageId { get; } = PlatformRid() is { } rid ? $"libtorch-cpu-{rid}" : null;

    /// <summary>The user's global NuGet packages folder by NuGet's own default rule; a NuGet.Config may say otherwise.</summary>
    public static string DefaultPackagesFolder { get; } =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Folder of the native libraries inside a packages folder.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no libtorch package for this platform.</exception>
    public static string FolderIn(string packagesFolder)
    {
        string rid = PlatformRid() ?? throw CompressionErrors.NoLibTorchForPlatform(RuntimeInformation.RuntimeIdentifier);
        return Path.Combine(packagesFolder, $"libtorch-cpu-{rid}", Version, "runtimes", rid, "native");
    }

    /// <summary>Whether a folder holds this platform's libtorch.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, NativeFileNames()[^1]));

    /// <summary>Loads libtorch once for this process and restricts every operation to one thread.</summary>
    /// <param name="folder">Where the native libraries lie; null: the default packages folder.</param>
    /// <param name="patchFolder">Where a patched copy of TorchSharp's library may be written (see <see cref="GlibcxxPatch"/>).</param>
    /// <param name="log">Told once, when a patched copy is made.</param>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">RKT3001 when libtorch is not there, RKT3002 when it does not load.</exception>
    public static void Load(string? folder = null, string? patchFolder = null, Action<string>? log = null)
    {
        lock (Gate)
        {
            if (_loaded)
            {
                return;
            }

            folder ??= FolderIn(DefaultPackagesFolder);
            if (!IsIn(folder))
            {
                throw CompressionErrors.LibTorchNotFound(folder, PackageId ?? "libtorch-cpu");
            }

            NativeAllocator.FixThresholds();
            try
            {
                foreach (string file in NativeFileNames().Where(file => File.Exists(Path.Combine(folder, file))))
                {
                    NativeLibrary.Load(Path.Combine(folder, file));
                }

                LoadTorchSharp(patchFolder ?? DefaultPatchFolder(), log);
            }
            catch (DllNotFoundException exception)
            {
                throw CompressionErrors.LibTorchDoesNotLoad(folder, exception);
            }

            // Every operation runs on one thread over a fixed unit; parallelism is over units (determinism rule).
            torch.set_num_threads(1);
            _loaded = true;
        }
    }

    /// <summary>Gives the system what freed tensors left in the C allocator's heaps: <see cref="HeapEnd"/> a thread, and more where they are fragmented.</summary>
    public static void TrimHeaps() => NativeAllocator.Trim();

    private static void LoadTorchSharp(string patchFolder, Action<string>? log)
    {
        string path = TorchSharpLibrary();
        try
        {
            NativeLibrary.Load(path);
        }
        catch (DllNotFoundException exception) when (GlibcxxPatch.Applies(exception))
        {
            NativeLibrary.Load(GlibcxxPatch.Write(
                path, patchFolder, copy => log?.Invoke($"The C++ runtime of this system is older than TorchSharp's: from now on it uses the patched copy '{copy}'.")));
        }
    }

    private static string TorchSharpLibrary()
    {
        string rid = PlatformRid()!;
        string name = OperatingSystem.IsWindows() ? "LibTorchSharp.dll" : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib" : "libLibTorchSharp.so";
        string beside = Path.Combine(AppContext.BaseDirectory, name);
        return File.Exists(beside) ? beside : Path.Combine(AppContext.BaseDirectory, "runtimes", rid, "native", name);
    }

    private static string DefaultPatchFolder() => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "rocket", "native");

    private static string? PlatformRid() => (OperatingSystem.IsLinux(), OperatingSystem.IsMacOS(), OperatingSystem.IsWindows(), RuntimeInformation.ProcessArchitecture) switch
    {
        (true, _, _, Architecture.X64) => "linux-x64",
        (_, true, _, Architecture.Arm64) => "osx-arm64",
        (_, _, true, Architecture.X64) => "win-x64",
        (_, _, true, Architecture.Arm64) => "win-arm64",
        _ => null,
    };

    // In the order of their dependencies; the last one is the sign that the package is whole. Not every libtorch has them all: only one
    // for CUDA has those for CUDA, and the name of OpenMP's differs.
    private static string[] NativeFileNames() => OperatingSystem.IsLinux()
        ? ["libgomp-98b21ff3.so.1", "libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"]
        : OperatingSystem.IsMacOS()
            ? ["libc10.dylib", "libtorch_cpu.dylib", "libtorch.dylib"]
            : ["c10.dll", "torch_cpu.dll", "c10_cuda.dll", "torch_cuda.dll", "torch.dll"];
}
