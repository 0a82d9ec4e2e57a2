using System.Diagnostics;
using LittleStories;
using Rocket.Compression.Native;
using TorchSharp;

const int vocabulary = 1536;
const int evaluationWindows = 64;
var options = Options.Parse(args);
var folder = new SampleFolder(options.Output);
LibTorch.Load();

// One unit of work at a time: libtorch may use both cores within it.
torch.set_num_threads(options.Threads);

if (!options.EvaluateOnly)
{
    var clock = Stopwatch.StartNew();
    folder.WriteText("calibration.txt", StoryGrammar.TellMany(options.Seed + 1, 400_000));
    folder.WriteText("evaluation.txt", StoryGrammar.TellMany(options.Seed + 2, 150_000));

    var tokenizer = BpeTrainer.Train(StoryGrammar.TellMany(options.Seed + 3, 3_000_000), vocabulary);
    folder.WriteTokenizer(tokenizer);

    // A token is more than three characters long: enough text for the asked number of tokens.
    var text = string.Join("\n\n", StoryGrammar.TellMany(options.Seed, 5 * options.Tokens));
    var stream = tokenizer.Encode(text);
    Console.WriteLine($"{text.Length} characters, {stream.Length} tokens");
    Array.Resize(ref stream, Math.Min(stream.Length, options.Tokens + 1));

    var shape = new ModelShape(tokenizer.Size);
    var trained = Trainer.Train(shape, stream, options.Seed, Console.Out);
    folder.WriteConfig(shape);
    folder.WriteWeights(trained);
    Console.WriteLine($"trained on {stream.Length} tokens in {clock.Elapsed.TotalMinutes:F1} minutes");
}

var ids = folder.ReadTokenizer().Encode(folder.ReadText("evaluation.txt"));
var model = folder.ReadModel();
var nll = Evaluator.NegativeLogLikelihood(model, ids, evaluationWindows);
Console.WriteLine($"{model.Weights.Sum(weight => weight.Value.numel())} parameters; evaluation: {ids.Length} tokens, nll {nll:F4} nats, perplexity {Math.Exp(nll):F3}");
