namespace LittleStories;

/// <summary>The command line: <c>[evaluate] [--seed N] [--out DIR] [--tokens N] [--threads N]</c>.</summary>
internal sealed record Options(bool EvaluateOnly, ulong Seed, string Output, int Tokens, int Threads)
{
    /// <summary>Reads the arguments; an unknown one ends the program with the usage.</summary>
    public static Options Parse(string[] args)
    {
        var options = new Options(args is ["evaluate", ..], 7, "samples/little-stories", 5_000_000, 2);
        for (var i = options.EvaluateOnly ? 1 : 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw Usage(args[i]);
            options = args[i] switch
            {
                "--seed" => options with { Seed = ulong.Parse(value) },
                "--out" => options with { Output = value },
                "--tokens" => options with { Tokens = int.Parse(value) },
                "--threads" => options with { Threads = int.Parse(value) },
                _ => throw Usage(args[i]),
            };
        }

        return options;
    }

    private static ArgumentException Usage(string argument) =>
        new($"\"{argument}\": LittleStories [evaluate] [--seed N] [--out DIR] [--tokens N] [--threads N]");
}
