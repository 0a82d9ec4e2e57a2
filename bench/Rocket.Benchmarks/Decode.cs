using Rocket.Inference;
using Rocket.Inference.Weights;

namespace Rocket.Benchmarks;

/// <summary>Tokens a second, batch 1, of several model folders in turns; the first is what the others are compared with.</summary>
internal static class Decode
{
    private const int Rounds = 12;
    private const int Tokens = 16;
    private const int Prompt = 64;

    public static void Run(string[] folders, int threads)
    {
        var clock = new Clock(threads);
        Subject[] subjects = [.. folders.Select(folder => new Subject(folder, threads, clock))];
        for (int round = 0; round < Rounds; round++)
        {
            foreach (Subject subject in subjects)
            {
                subject.Measure();
            }
        }

        Console.WriteLine($"{subjects[0].Model.InstructionSet}, {clock.Name}, {Rounds} x {Tokens} tokens in turns; best and median");
        Console.WriteLine($"{"folder",-24} {"MB/token",9} {"tok/s",7} {"tok/s",7} {"GB/s",6} {"speed",6} {"bytes",6} {"share",6} {"share",6}");
        foreach (Subject subject in subjects)
        {
            double bytes = (double)subjects[0].Bytes / subject.Bytes;
            double speed = subjects[0].Best / subject.Best;
            double middle = subjects[0].Middle / subject.Middle;
            Console.WriteLine($"{Path.GetFileName(subject.Model.Folder),-24} {subject.Bytes / 1e6,9:f1} {1 / subject.Best,7:f1} {1 / subject.Middle,7:f1} {subject.Bytes / subject.Best / 1e9,6:f1} {speed,6:f3} {bytes,6:f3} {speed / bytes,6:p0} {middle / bytes,6:p0}");
            subject.Dispose();
        }
    }

    private sealed class Subject : IDisposable
    {
        private readonly Clock _clock;
        private readonly InferenceSession _session;
        private readonly List<double> _seconds = [];

        public Subject(string folder, int threads, Clock clock)
        {
            _clock = clock;
            Model = RocketModel.Load(folder, new RocketOptions { Threads = threads });
            Bytes = Model.Weights.Blocks.Sum(BytesOf) + Model.Weights.Head.ByteLength;
            _session = Model.CreateSession(Prompt + (2 * Tokens));
            _session.Append([.. Enumerable.Range(0, Prompt).Select(i => (i * 37) % Model.Spec.VocabularySize)]);
            for (int warm = 0; warm < 3; warm++)
            {
                RunOnce();
            }
        }

        public RocketModel Model { get; }

        /// <summary>Bytes of weights that a token reads.</summary>
        public long Bytes { get; }

        /// <summary>Seconds a token of the fastest round.</summary>
        public double Best => _seconds.Min();

        /// <summary>Seconds a token of the middle round.</summary>
        public double Middle => _seconds.Median();

        public void Measure() => _seconds.Add(RunOnce() / Tokens);

        public void Dispose()
        {
            _session.Dispose();
            Model.Dispose();
        }

        private double RunOnce()
        {
            _session.Truncate(Prompt);
            return _clock.Measure(() =>
            {
                for (int t = 0; t < Tokens; t++)
                {
                    _session.Append([t]);
                }
            });
        }

        private static long BytesOf(BlockWeights block)
            => block.Query.ByteLength + block.Key.ByteLength + block.Value.ByteLength + block.Output.ByteLength
            + block.Experts.Sum(expert => expert.Gate.ByteLength + expert.Up.ByteLength + expert.Down.ByteLength);
    }
}
