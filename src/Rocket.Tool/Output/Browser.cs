using System.ComponentModel;
using System.Diagnostics;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Output;

/// <summary>The browser of whoever runs the tool.</summary>
internal static class Browser
{
    private const string Variable = "BROWSER";

    /// <summary>Shows a file; does not wait.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT1110: there is no browser.</exception>
    public static void Open(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            using Process? process = Process.Start(Start(full));
        }
        catch (Exception exception) when (exception is Win32Exception or FileNotFoundException)
        {
            throw CommandLineErrors.NoBrowser(full, exception);
        }
    }

    private static ProcessStartInfo Start(string path)
        => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen ? new(chosen, [path])
            : OperatingSystem.IsWindows() ? new(path) { UseShellExecute = true }
            : new(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [path]);
}
