using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Caching.Remote;
using Rocket.Pipeline.Diagnostics;
using Rocket.Pipeline.Native;
using Rocket.Pipeline.Sources.Hub;

namespace Rocket.Tool.Health;

/// <summary>Looks at everything that Rocket needs of a machine; fetches nothing.</summary>
internal static class MachineHealth
{
    private const long LeastSpace = 2_000_000_000;

    private static readonly TimeSpan RemotePatience = TimeSpan.FromSeconds(5);

    /// <summary>All checks, in the order in which a build needs them.</summary>
    /// <param name="cacheFolder">The store's folder.</param>
    /// <param name="findRemote">Finds the remote cache that builds would use; null: none.</param>
    /// <param name="log">Told what loading libtorch tells.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static ImmutableArray<HealthCheck> Look(string cacheFolder, Func<RemoteOptions?> findRemote, Action<string> log, CancellationToken cancellationToken) =>
    [
        HealthCheck.Of("rocket", () => (HealthState.Works, $"{Provenance.ToolVersion} on {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {RuntimeInformation.RuntimeIdentifier}")),
        HealthCheck.Of("processor", () => (HealthState.Works, $"{Environment.ProcessorCount} processors; {InstructionSets()}")),
        HealthCheck.Of("memory", () => (HealthState.Works, Amounts.Size(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes))),
        HealthCheck.Of("cache", () => Cache(cacheFolder)),
        HealthCheck.Of("remote cache", () => Remote(findRemote(), cancellationToken)),
        HealthCheck.Of("libtorch", () => LibTorch(cacheFolder, log, cancellationToken)),
        HealthCheck.Of("hub", Hub),
    ];

    private static string InstructionSets()
    {
        (string Name, bool IsThere)[] known =
        [
            ("AVX2", Avx2.IsSupported),
            ("FMA", Fma.IsSupported),
            ("AVX-512 F, BW, VL", Avx512F.IsSupported && Avx512BW.IsSupported && Avx512F.VL.IsSupported),
            ("AVX-512 VBMI", Avx512Vbmi.IsSupported),
            ("AdvSimd", AdvSimd.IsSupported),
            ("dot product", Dp.IsSupported),
        ];
        string there = string.Join(", ", known.Where(set => set.IsThere).Select(set => set.Name));
        return there.Length > 0 ? there : "portable vectors only: slow";
    }

    private static (HealthState, string) Cache(string folder)
    {
        using Store store = Store.Open(folder, _ => { });
        long free;
        try
        {
            // A round trip: a folder that can be made need not be one that can be written.
            store.PutBlob("rocket doctor"u8);
            free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.From(exception, folder);
        }

        string detail = $"{folder}, {Amounts.Size(free)} free";
        return free < LeastSpace ? (HealthState.Fails, $"{detail}: a build may need more. Free some space, or set ROCKET_CACHE to another folder.") : (HealthState.Works, detail);
    }

    private static (HealthState, string) Remote(RemoteOptions? remote, CancellationToken cancellationToken)
    {
        if (remote is null)
        {
            return (HealthState.Works, "none: neither --remote nor ROCKET_REMOTE; a manifest may name one");
        }

        string? fault = RemoteProbe.FindFault(remote with { Timeout = RemotePatience }, cancellationToken);
        return fault is null
            ? (HealthState.Works, $"{remote.Address}, {(remote.Credentials is null ? "without credentials" : "with credentials")}")
            : (HealthState.Fails, $"{remote.Address}: {fault}");
    }

    private static (HealthState, string) LibTorch(string cacheFolder, Action<string> log, CancellationToken cancellationToken)
    {
        LibTorchStatus status = LibTorchRuntime.Find();
        if (status.Folder is null)
        {
            RocketException? error = status.Sources.IsEmpty ? PackageErrors.InNoSource($"{status.Package} {status.Version}", []) : null;
            return error is not null ? throw error
                : (HealthState.Missing, $"{status.Package} {status.Version} is fetched on first use into {status.PackagesFolder}, from {string.Join(", ", status.Sources.Select(source => $"'{source}'"))}");
        }

        LibTorchRuntime.Ensure(cacheFolder, log, cancellationToken);
        return (HealthState.Works, $"{status.Version} in {status.Folder}");
    }

    private static (HealthState, string) Hub()
    {
        var hub = HubStatus.OfEnvironment();
        string[] facts = [hub.Endpoint, hub.HasToken ? "with a token" : "without a token", hub.IsOffline ? "offline by HF_HUB_OFFLINE" : "", $"cache {hub.CacheFolder}{(Directory.Exists(hub.CacheFolder) ? "" : " (not made yet)")}"];
        return (HealthState.Works, string.Join(", ", facts.Where(fact => fact.Length > 0)));
    }
}
