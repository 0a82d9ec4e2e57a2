using Rocket.Inference;

namespace Rocket.Benchmarks;

/// <summary>Resident memory after loading a model and 100 tokens; one model a process, since pages of a process are counted once.</summary>
internal static class Memory
{
    private const int Tokens = 100;

    public static void Run(string folder, int threads)
    {
        long before = Resident();
        using RocketModel model = RocketModel.Load(folder, new RocketOptions { Threads = threads });
        using InferenceSession session = model.CreateSession();
        session.Append([1, 2, 3, 4]);
        while (session.Position < Tokens)
        {
            session.Append([session.Position]);
        }

        long disk = Directory.GetFiles(folder, "*.safetensors").Sum(file => new FileInfo(file).Length);
        Console.WriteLine($"{Path.GetFileName(model.Folder),-24} before {before / 1e6:f1} MB, after load and {Tokens} tokens {Resident() / 1e6:f1} MB, weights on disk {disk / 1e6:f1} MB");
    }

    private static long Resident() => Environment.WorkingSet;
}
