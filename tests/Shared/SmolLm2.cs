using System.Diagnostics;

namespace Rocket.Tests;

/// <summary>The 135M chat model, unpacked once a machine into <c>ROCKET_TEST_CACHE</c> or <c>~/.cache/rocket-tests</c>.</summary>
internal static class SmolLm2
{
    private static readonly Lazy<string> Unpacked = new(Unpack);

    /// <summary>The model's folder in Hugging Face layout; the first use of a machine takes some seconds and needs <c>xz</c>.</summary>
    public static string Folder => Unpacked.Value;

    private static string Unpack()
    {
        string cache = Environment.GetEnvironmentVariable("ROCKET_TEST_CACHE") is { Length: > 0 } chosen
            ? chosen
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "rocket-tests");
        Directory.CreateDirectory(cache);

        // Test projects run at once as processes: one unpacks, the others wait.
        using FileStream owner = Lock(Path.Combine(cache, "smollm2-135m.lock"));
        ProcessStartInfo start = new("sh", [SharedData.PathOf("models", "unpack"), cache])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process unpack = Process.Start(start) ?? throw new InvalidOperationException("The shell did not start.");
        Task<string> errors = unpack.StandardError.ReadToEndAsync();
        string folder = unpack.StandardOutput.ReadToEnd().Trim();
        unpack.WaitForExit();
        return unpack.ExitCode == 0
            ? folder
            : throw new InvalidOperationException($"models/unpack failed with exit code {unpack.ExitCode}: {errors.GetAwaiter().GetResult()}");
    }

    private static FileStream Lock(string path)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (patience.Elapsed < TimeSpan.FromMinutes(5))
            {
                Thread.Sleep(200);
            }
        }
    }
}
