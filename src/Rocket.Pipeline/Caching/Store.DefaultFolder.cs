using Rocket.Pipeline.Diagnostics;

namespace Rocket.Pipeline.Caching;

/// <content>Where the store lies when nobody says.</content>
public sealed partial class Store
{
    /// <summary>
    /// <c>ROCKET_CACHE</c>, else <c>rocket</c> in the user's cache folder: <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>,
    /// on macOS <c>~/Library/Caches</c>, on Windows the local application data.
    /// </summary>
    /// <exception cref="Rocket.Models.Diagnostics.RocketException">There is no home folder (RKT5006).</exception>
    public static string DefaultFolder => FolderFrom(
        Environment.GetEnvironmentVariable,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));

    internal static string FolderFrom(Func<string, string?> environment, string home)
    {
        if (environment("ROCKET_CACHE") is { Length: > 0 } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        if (OperatingSystem.IsWindows())
        {
            string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return local.Length > 0 ? Path.Combine(local, "rocket") : throw CacheErrors.NoDefaultFolder();
        }

        // The XDG specification has relative paths ignored.
        if (environment("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache))
        {
            return Path.Combine(cache, "rocket");
        }

        return home.Length == 0 ? throw CacheErrors.NoDefaultFolder()
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches", "rocket")
            : Path.Combine(home, ".cache", "rocket");
    }
}
