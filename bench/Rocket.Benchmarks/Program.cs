using Rocket.Benchmarks;
using Rocket.Benchmarks.Allocation;

// Side by side in one process, in turns: what counts on a shared machine are ratios.
string[] names = ["allocation", "allocations", "bandwidth", "calibration", "decode", "prefill", "kernels", "memory", "profile", "prune", "quantize", "reference"];
int threads = int.Parse(Environment.GetEnvironmentVariable("ROCKET_THREADS") is { Length: > 0 } asked ? asked : "2");
string command = args.Length > 0 ? args[0] : "";
switch (command)
{
    case "allocation":
        AllocationBenchmark.Run();
        return 0;
    case "allocations" when args.Length == 2:
        await Allocations.RunAsync(args[1], threads);
        return 0;
    case "bandwidth" when args.Length == 2:
        Bandwidth.Run(args[1], threads);
        return 0;
    case "calibration" when args.Length == 2:
        Calibration.Run(args[1], threads);
        return 0;
    case "decode" when args.Length >= 2:
        Decode.Run(args[1..], threads);
        return 0;
    case "prefill" when args.Length >= 2:
        Prefill.Run(args[1..], threads);
        return 0;
    case "kernels" when args.Length >= 2:
        KernelTimes.Run(args[1..]);
        return 0;
    case "memory" when args.Length == 2:
        Memory.Run(args[1], threads);
        return 0;
    case "profile" when args.Length >= 2:
        Profiling.Run(args[1], [.. args[2..].Select(int.Parse)]);
        return 0;
    case "prune" when args.Length == 4:
        CrudeArtifact.Prune(args[1], args[2], double.Parse(args[3]));
        return 0;
    case "quantize" when args.Length is 4 or 5:
        CrudeArtifact.Quantize(args[1], args[2], int.Parse(args[3]), args.Length == 5 ? double.Parse(args[4]) : 0);
        return 0;
    case "reference" when args.Length is 1 or 3:
        Reference.Run(args.Length == 3 ? (int.Parse(args[1]), int.Parse(args[2])) : null);
        return 0;
    default:
        Console.Error.WriteLine($"Usage: Rocket.Benchmarks {string.Join('|', names)} ...; see docs/performance.md");
        return 2;
}
