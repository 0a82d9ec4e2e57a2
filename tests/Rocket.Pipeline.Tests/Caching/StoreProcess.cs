using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Rocket.Pipeline.Caching;

namespace Rocket.Pipeline.Tests.Caching;

/// <summary>Another process that works on a store: this test program itself, which an environment variable turns into one.</summary>
internal static class StoreProcess
{
    private const string Variable = "ROCKET_TEST_STORE_PROCESS";

    public static Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, typeof(StoreProcess).Assembly.GetName().Name! + (OperatingSystem.IsWindows() ? ".exe" : "")))
        {
            RedirectStandardOutput = true,
        };
        start.Environment[Variable] = string.Join('\n', arguments);
        return Process.Start(start)!;
    }

#pragma warning disable CA2255 // The test runner owns Main; a module initializer is the only code of ours that runs before it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } arguments)
        {
            Environment.SetEnvironmentVariable(Variable, null);
            Run(arguments.Split('\n'));
            Environment.Exit(0);
        }
    }

    private static void Run(string[] arguments)
    {
        using Store store = Store.Open(arguments[1]);
        if (arguments[0] == "hold")
        {
            using IDisposable held = store.Lock(Digest.Parse(arguments[2]));
            Console.WriteLine("held");
            Thread.Sleep(Timeout.Infinite);
        }

        int done = 0;
        for (int action = 0; action < int.Parse(arguments[2]); action++)
        {
            Digest key = Digest.Of(Encoding.UTF8.GetBytes($"action {action}"));
            using IDisposable held = store.Lock(key);
            if (store.TryGetAction(key) is null)
            {
                (Digest digest, long size) = store.PutBlob(Encoding.UTF8.GetBytes(new string('x', 20_000 + action)));
                store.PutAction(key, new ActionResult([new OutputFile("out", digest, size)]));
                done++;
            }
        }

        Console.Write(done);
    }
}
