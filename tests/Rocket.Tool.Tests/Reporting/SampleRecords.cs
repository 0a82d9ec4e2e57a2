using System.Text.Json.Nodes;

namespace Rocket.Tool.Tests.Reporting;

/// <summary>Records and artifacts' descriptions of a model of 30 blocks at five budgets with everything that a report can show, and hostile names.</summary>
internal static class SampleRecords
{
    private const string Script = "</style><script>document.title='owned'</script>";
    private const long SourceBytes = 269_060_312;
    private const long LinearParameters = 106_168_320;

    private static readonly (string Name, int Out, int In)[] Linears =
        [("self_attn.q_proj", 576, 576), ("self_attn.k_proj", 192, 576), ("self_attn.v_proj", 192, 576), ("self_attn.o_proj", 576, 576), ("mlp.gate_proj", 1536, 576), ("mlp.up_proj", 1536, 576), ("mlp.down_proj", 576, 1536)];

    /// <summary>Writes them as a build does.</summary>
    /// <param name="folder">The folder <c>OUTPUT/MODEL</c>.</param>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        for (int removed = 10; removed <= 50; removed += 10)
        {
            string budget = $"r{removed}";
            File.WriteAllText(Path.Combine(folder, budget + ".run.json"), Record(budget, removed / 100.0).ToJsonString());
            Directory.CreateDirectory(Path.Combine(folder, budget));
            File.WriteAllText(Path.Combine(folder, budget, "rocket.json"), Provenance(removed / 100.0).ToJsonString());
        }
    }

    private static JsonObject Record(string budget, double removed)
    {
        double rise = 1.6 * Math.Pow(removed, 2.2);
        return new JsonObject
        {
            ["schemaVersion"] = 1,
            ["model"] = $"smollm2 <b>&amp; {Script}\u0001",
            ["budget"] = budget,
            ["bytes"] = (long)(SourceBytes * (1 - (0.7 * removed))),
            ["sourceBytes"] = SourceBytes,
            ["keptParameters"] = (long)(LinearParameters * (1 - removed)),
            ["linearParameters"] = LinearParameters,
            ["evaluation"] = new JsonObject
            {
                ["perplexity"] = new JsonArray(Text("corpora/wikitext2/valid.txt", 3.277, rise), Text($"corpora/c4/{Script}.jsonl", 3.508, rise * 1.2)),
                ["tasks"] = new JsonArray(
                    Task("tasks/arc_easy.jsonl", "acc", 103, (int)(60 * removed)), Task("tasks/arc_easy.jsonl", "acc_norm", 96, (int)(50 * removed)), Task("tasks/lambada_openai.jsonl", "acc", 68, (int)(40 * removed))),
            },
            ["run"] = new JsonObject
            {
                ["threads"] = 2,
                ["wallSeconds"] = new JsonObject { ["calibrate"] = 81.5, ["backward"] = 44.25, ["profile"] = 122.0, ["factorize"] = 61.125, ["evaluate"] = 30.5, ["assemble"] = 4.0 + (removed > 0.3 ? 1 : 0) },
                ["computed"] = new JsonObject { ["calibrate"] = 30 },
                ["peakMemory"] = 677_400_000,
                ["cpuSeconds"] = 640.0,
                ["energy"] = new JsonObject { ["joules"] = 6400.0, ["source"] = "estimate", ["detail"] = "an estimate from 640 s of processor time at 10 W a busy core." },
                ["carbon"] = new JsonObject { ["grams"] = 0.853, ["gramsPerKilowattHour"] = 480.0, ["source"] = "the world's mean of 2023" },
            },
        };
    }

    private static JsonObject Text(string name, double nll, double rise) => new()
    {
        ["text"] = name,
        ["dense"] = Perplexity(nll),
        ["compressed"] = Agreeing(Perplexity(nll + rise), rise),
    };

    private static JsonObject Perplexity(double nll) => new()
    {
        ["tokens"] = 300_000,
        ["predictedTokens"] = 12_264,
        ["windows"] = 24,
        ["length"] = 512,
        ["nll"] = nll,
        ["words"] = 210_000,
        ["bytes"] = 1_150_000,
    };

    private static JsonObject Agreeing(JsonObject result, double rise)
    {
        result["agreement"] = new JsonObject { ["top1"] = 1 / (1 + rise), ["kullbackLeibler"] = rise * 0.9 };
        return result;
    }

    private static JsonObject Task(string name, string metric, int right, int lost) => new()
    {
        ["task"] = name,
        ["metric"] = metric,
        ["dense"] = new JsonObject { ["correct"] = right, ["items"] = 200 },
        ["compressed"] = new JsonObject { ["correct"] = right - lost + 2, ["items"] = 200 },
        ["difference"] = new JsonObject { ["items"] = 200, ["gained"] = 2, ["lost"] = lost },
    };

    private static JsonObject Provenance(double removed) => new()
    {
        ["tool"] = "0.1.0",
        ["method"] = "rocket/1",
        ["modelType"] = "llama",
        ["source"] = new JsonObject { ["digest"] = new string('a', 64), ["bytes"] = SourceBytes },
        ["calibration"] = new JsonObject { ["corpus"] = new string('b', 64), ["samples"] = 96, ["sequenceLength"] = 512, ["seed"] = 0, ["backwardSamples"] = 31 },
        ["budget"] = new JsonObject { ["remove"] = removed },
        ["plan"] = new JsonObject
        {
            ["cost"] = 1.5 * Math.Pow(removed, 2.1),
            ["bound"] = 1.499 * Math.Pow(removed, 2.1),
            ["proven"] = removed < 0.4,
            ["costUnit"] = "Nats",
            ["correction"] = "sequential",
            ["steps"] = new JsonObject { ["weighsRows"] = false, ["weighsLinears"] = true, ["refines"] = false },
            ["linears"] = new JsonArray([.. Enumerable.Range(0, 30).SelectMany(block => Linears.Select((linear, i) => (JsonNode)Linear(block, i, removed)))]),
        },
    };

    // Forms that this tool does not know are shown as what they are called.
    private static JsonObject Linear(int block, int index, double removed)
    {
        (string name, int dOut, int dIn) = Linears[index];
        double kept = Math.Clamp(1 - removed + (0.3 * Math.Sin((block * 0.7) + index)), 0.15, 1);
        string form = kept >= 1 ? "dense" : (block + index) % 11 == 0 ? "dictionary" : (block + index) % 7 == 0 ? "form-of-tomorrow" : "sparse";
        var linear = new JsonObject
        {
            ["name"] = $"model.layers.{block}.{name}",
            ["block"] = block,
            ["d_in"] = dIn,
            ["d_out"] = dOut,
            ["form"] = form,
            ["parameters"] = (long)(kept * dIn * dOut),
            ["novelty"] = new JsonArray(1, 2),
        };
        if (form == "dictionary")
        {
            linear["k"] = dIn / 3;
            linear["s"] = dIn / 6;
        }

        if (form == "form-of-tomorrow")
        {
            linear["bits"] = 4;
        }

        return linear;
    }
}
