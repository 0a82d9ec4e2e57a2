using Rocket.Benchmarks.Allocation;

switch (args)
{
    case ["allocation", ..]:
        AllocationBenchmark.Run();
        return 0;
    default:
        Console.Error.WriteLine("Usage: Rocket.Benchmarks allocation");
        return 1;
}
