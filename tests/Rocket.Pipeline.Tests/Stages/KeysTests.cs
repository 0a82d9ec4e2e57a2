using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Rocket.Compression.Factorization;
using Rocket.Pipeline.Caching;
using Rocket.Pipeline.Manifest;
using Rocket.Pipeline.Stages;
using Rocket.Pipeline.Tests.Artifacts;

namespace Rocket.Pipeline.Tests.Stages;

/// <summary>Any one input changes: the keys that it should change change, and no others.</summary>
public sealed class KeysTests : IDisposable
{
    private const int Blocks = 5;
    private const int HeaderLength = sizeof(long);

    private readonly TemporaryFolder _folder = new();
    private readonly SortedDictionary<string, Digest> _before;

    public KeysTests()
    {
        foreach (string file in Directory.GetFiles(SharedData.PathOf("models", "stories260k")))
        {
            _folder.Write(Path.Combine("model", Path.GetFileName(file)), File.ReadAllBytes(file));
        }

        _folder.Write("text.txt", string.Concat(Enumerable.Range(0, 400).Select(i => $"Once upon a time there was a cat number {i} and a dog.\n")));
        _before = Keys();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_byte_of_any_weight_changes_what_reads_it_and_what_comes_after()
    {
        string path = _folder.At("model", "model.safetensors");
        byte[] original = File.ReadAllBytes(path);
        (string Name, long Start, long End)[] tensors = Tensors(path);
        Gen.Select(Gen.Int[0, tensors.Length - 1], Gen.Double[0, 1], Gen.Int[0, 7]).Sample(
            change =>
            {
                (string name, long start, long end) = tensors[change.Item1];
                byte[] bytes = [.. original];

                // Not the bits that may make a float infinite.
                long at = start + (4 * (long)(change.Item2 * ((end - start) / 4 - 1)));
                bytes[at] ^= (byte)(1 << change.Item3);
                File.WriteAllBytes(path, bytes);
                AssertChanged(key => IsReached(key, name), $"{name}, byte {at}");
            },
            iter: 25,
            threads: 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9000)]
    public void A_byte_of_the_corpus_changes_everything_that_was_calibrated(int at)
    {
        byte[] text = File.ReadAllBytes(_folder.At("text.txt"));
        text[at] = (byte)'z';
        File.WriteAllBytes(_folder.At("text.txt"), text);

        // A byte outside of the windows that were drawn changes the ids' key and rocket.json alone.
        SortedDictionary<string, Digest> after = Keys();
        Assert.NotEqual(_before["tokenize"], after["tokenize"]);
        Assert.NotEqual(_before["assemble r30"], after["assemble r30"]);
    }

    [Fact]
    public void Another_text_changes_every_key()
    {
        _folder.Write("text.txt", string.Concat(Enumerable.Range(0, 400).Select(i => $"There was no cat number {i}, and no dog.\n")));
        AssertChanged(_ => true, "text");
    }

    [Fact]
    public void A_byte_of_the_tokenizer_that_changes_no_id_changes_the_text_and_the_artifact_alone()
    {
        string path = _folder.At("model", "tokenizer.json");
        File.WriteAllText(path, File.ReadAllText(path) + "\n");
        AssertChanged(key => key.StartsWith("tokenize", StringComparison.Ordinal) || key.StartsWith("assemble", StringComparison.Ordinal), "tokenizer");
    }

    [Theory]
    [InlineData("shares: { from: 0.1, to: 0.8, step: 0.1 }", "shares: { from: 0.1, to: 0.7, step: 0.1 }", "profile allocate")]
    [InlineData("shares: { from: 0.1, to: 0.8, step: 0.1 }", "shares: { from: 0.1, to: 0.8, step: 0.05 }", "profile allocate")]
    [InlineData("remove: 30%", "remove: 31%", "allocate")]
    [InlineData("seed: 7", "seed: 8", "calibrate backward profile factorize allocate assemble")]
    [InlineData("samples: 16", "samples: 15", "calibrate backward profile factorize allocate assemble")]
    [InlineData("sequenceLength: 64", "sequenceLength: 65", "calibrate backward profile factorize allocate assemble")]
    [InlineData("backwardSamples: 8", "backwardSamples: 7", "backward profile factorize allocate assemble")]
    [InlineData("groups: 1", "groups: 2", "calibrate backward profile factorize allocate assemble")]
    [InlineData("sensitivity: output", "sensitivity: none", "profile factorize allocate assemble")]
    [InlineData("sensitivity: output", "sensitivity: cost", "profile factorize allocate assemble")]
    [InlineData("sensitivity: output", "sensitivity: rows", "profile factorize allocate assemble")]
    [InlineData("sensitivity: output", "refinement: none", "profile factorize allocate assemble")]
    [InlineData("name: stories", "name: tales", "assemble")]
    [InlineData("version: 1", "version: 1\ndevice: cuda", "calibrate backward profile factorize allocate assemble")]
    [InlineData("constraints: []", "constraints: [ { linears: \"*.down_proj\", maxRemoved: 40% } ]", "allocate")]
    public void A_value_of_the_manifest_changes_the_stages_that_it_is_read_by(string from, string to, string stages)
    {
        string[] expected = stages.Split(' ');
        SortedDictionary<string, Digest> after = Keys(manifest => manifest.Replace(from, to, StringComparison.Ordinal));
        foreach ((string action, Digest key) in _before.Where(entry => after.ContainsKey(entry.Key)))
        {
            Assert.True(expected.Contains(action.Split(' ')[0]) == (after[action] != key), $"{from} -> {to}: {action}");
        }
    }

    [Fact]
    public void A_value_of_the_model_s_description_changes_every_block()
    {
        string path = _folder.At("model", "config.json");
        string config = File.ReadAllText(path);
        string changed = config.Replace("1e-05", "1e-06", StringComparison.Ordinal);
        Assert.NotEqual(config, changed);
        File.WriteAllText(path, changed);
        AssertChanged(key => !key.StartsWith("tokenize", StringComparison.Ordinal), "config");
    }

    [Fact]
    public void A_copy_elsewhere_and_at_another_time_has_the_same_keys()
    {
        Directory.Move(_folder.At("model"), _folder.At("moved"));
        foreach (string file in Directory.GetFiles(_folder.At("moved")))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-100));
        }

        Assert.Equal(_before, Keys(manifest => manifest.Replace("source: model", "source: moved", StringComparison.Ordinal)));
    }

    [Fact]
    public void Another_version_of_a_stage_is_another_key()
        => Assert.NotEqual(new KeyBuilder("profile", 1).Add("input", 1).Build(), new KeyBuilder("profile", 2).Add("input", 1).Build());

    // The embedding is tied to the head, and every window passes all blocks; what comes before a block does not see it.
    private static bool IsReached(string key, string tensor)
    {
        string[] parts = key.Split(' ');
        int block = tensor.Split('.') is ["model", "layers", var index, ..] ? int.Parse(index, CultureInfo.InvariantCulture) : -1;
        return parts[0] switch
        {
            "tokenize" => false,
            "calibrate" => tensor != "model.norm.weight" && int.Parse(parts[1], CultureInfo.InvariantCulture) >= block,
            _ => true,
        };
    }

    private static (string Name, long Start, long End)[] Tensors(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        long data = HeaderLength + BitConverter.ToInt64(bytes);
        using var header = System.Text.Json.JsonDocument.Parse(bytes.AsMemory(HeaderLength, (int)(data - HeaderLength)));
        return
        [
            .. header.RootElement.EnumerateObject()
                .Where(tensor => tensor.Name != "__metadata__")
                .Select(tensor => (tensor.Name, data + tensor.Value.GetProperty("data_offsets")[0].GetInt64(), data + tensor.Value.GetProperty("data_offsets")[1].GetInt64())),
        ];
    }

    private void AssertChanged(Func<string, bool> isExpected, string what)
    {
        SortedDictionary<string, Digest> after = Keys();
        Assert.Equal(_before.Keys, after.Keys);
        foreach ((string action, Digest key) in _before)
        {
            Assert.True(isExpected(action) == (after[action] != key), $"{what}: {action}");
        }
    }

    private SortedDictionary<string, Digest> Keys(Func<string, string>? edit = null)
    {
        const string Text = """
            version: 1
            models:
              - name: stories
                source: model
                calibration: { corpus: text.txt, samples: 16, sequenceLength: 64, seed: 7, backwardSamples: 8, groups: 1 }
                sensitivity: output
                constraints: []
                grid: { shares: { from: 0.1, to: 0.8, step: 0.1 } }
                budgets: [ { name: r30, remove: 30% } ]
            """;
        string text = edit is null ? Text : edit(Text);
        Assert.Equal(edit is null, text == Text);
        RocketManifest manifest = ManifestReader.Parse(text.Replace("    constraints: []\n", "", StringComparison.Ordinal), _folder.At("rocket.yaml"));
        using var cache = new TemporaryFolder();
        using Store store = Store.Open(cache.Path);
        var context = new BuildContext(store, 1, new SilentLog(), _ => Assert.Fail("Keys need no runtime."), TestContext.Current.CancellationToken) { AskedDevice = manifest.Device };
        using ModelBuild build = ModelBuild.Open(context, manifest, manifest.Models[0]);
        return new SortedDictionary<string, Digest>(build.Keys(Plan()).ToDictionary(key => key.Action, key => key.Key), StringComparer.Ordinal);
    }

    private static CompressionPlan Plan()
    {
        ImmutableArray<PlanEntry> entries =
        [
            .. Enumerable.Range(0, Blocks).Select(block => new PlanEntry($"model.layers.{block}.mlp.down_proj", block, 172, 64, new SparseOption(0.5, 5504), 5504, default)),
        ];
        return new CompressionPlan(entries, 0.3m, CostUnit.Nats, 1, 1, true, null);
    }
}
