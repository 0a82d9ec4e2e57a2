using Rocket.Models.Factors;
using Rocket.Pipeline.Artifacts;
using Rocket.Pipeline.Artifacts.CompressedTensors;

namespace Rocket.Pipeline.Tests.Artifacts.CompressedTensors;

public sealed class QuantizationConfigTests
{
    [Fact]
    public void It_has_a_group_for_every_width_of_codes_and_groups_and_names_all_modules()
    {
        (string, Quantization)[] packed =
        [
            ("b.up", new Quantization(8, 64)),
            ("a.up", new Quantization(8, 64)),
            ("a.down", new Quantization(4, 128)),
        ];
        string expected = """
            {
              "quant_method": "compressed-tensors",
              "format": "pack-quantized",
              "quantization_status": "compressed",
              "config_groups": {
                "group_0": {
                  "targets": [
                    "a.down"
                  ],
                  "weights": {
                    "num_bits": 4,
                    "type": "int",
                    "symmetric": false,
                    "strategy": "group",
                    "group_size": 128,
                    "dynamic": false
                  },
                  "input_activations": null,
                  "output_activations": null
                },
                "group_1": {
                  "targets": [
                    "a.up",
                    "b.up"
                  ],
                  "weights": {
                    "num_bits": 8,
                    "type": "int",
                    "symmetric": false,
                    "strategy": "group",
                    "group_size": 64,
                    "dynamic": false
                  },
                  "input_activations": null,
                  "output_activations": null
                }
              },
              "ignore": [
                "embedding",
                "lm_head"
              ]
            }
            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), ArtifactJson.Text(QuantizationConfig.Create(packed, ["lm_head", "embedding"])));
    }
}
