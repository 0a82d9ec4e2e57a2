using System.Text.Json.Nodes;
using CsCheck;
using Rocket.Models.Architectures;
using Rocket.Models.Diagnostics;

namespace Rocket.Models.Tests.Architectures;

public sealed class GoldenMutatedConfigTests
{
    // Of the largest description that is not refused: 10 000 blocks, or 200 000 experts.
    private const long MostBytes = 512 << 20;

    private static readonly string[] Values =
    [
        "null", "0", "-1", "1", "3", "1.5", "1e-300", "1e300", "1000000000", "99999999999", "10000", "200000", "-9223372036854775808", "\"32\"", "false", "true", "\"\"", "\"silu\"", "[]", "[1]", "[null]", "{}",
        """["sliding_attention","full_attention"]""", """{"rope_type":"linear"}""", """{"rope_type":"llama3","factor":0}""",
        """{"type":"longrope","short_factor":[1,2,3,4],"long_factor":[1,2,3,4],"factor":1e30}""", """{"full_attention":null,"sliding_attention":3}""",
    ];

    public static TheoryData<string> Names() => GoldenModels.Names();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mutated_configuration_is_read_or_refused_with_a_code(string name)
    {
        foreach (string form in (string[])["config.json", "config.v5.json"])
        {
            string text = File.ReadAllText(Path.Combine(GoldenModels.Folder(name), form));
            string[] keys = [.. Assert.IsType<JsonObject>(JsonNode.Parse(text)).Select(entry => entry.Key)];
            string[] extra = ["sliding_window_pattern", "layer_types", "rope_scaling", "rope_parameters", "partial_rotary_factor", "head_dim", "use_sliding_window"];
            Gen.Select(Gen.Int[0, keys.Length + extra.Length - 1], Gen.Int[-1, Values.Length - 1]).Array[1, 4].Sample(
                edits =>
                {
                    var config = Assert.IsType<JsonObject>(JsonNode.Parse(text));
                    foreach (var (key, value) in edits)
                    {
                        string target = key < keys.Length ? keys[key] : extra[key - keys.Length];
                        config.Remove(target);
                        if (value >= 0)
                        {
                            config.Add(target, JsonNode.Parse(Values[value]));
                        }
                    }

                    ReadOrRefuse(config.ToJsonString());
                },
                iter: 200);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_configuration_with_damaged_text_is_read_or_refused_with_a_code(string name)
    {
        string text = File.ReadAllText(Path.Combine(GoldenModels.Folder(name), "config.json"));
        Gen.Select(Gen.Int[0, text.Length - 1], Gen.Int[0, 8], Gen.String[0, 4]).Sample(
            (position, removed, inserted) => ReadOrRefuse(text.Remove(position, Math.Min(removed, text.Length - position)).Insert(position, inserted)),
            iter: 300);
    }

    private static void ReadOrRefuse(string json)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Assert.NotEmpty(Architecture.Parse(json, "config.json").Blocks);
        }
        catch (RocketException refusal)
        {
            Assert.StartsWith("RKT22", refusal.Code, StringComparison.Ordinal);
            Assert.Equal("config.json", refusal.Location?.File);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
    }
}
