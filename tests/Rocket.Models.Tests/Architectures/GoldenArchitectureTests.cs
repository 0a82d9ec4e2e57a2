using Rocket.Models.Architectures;
using Rocket.Models.Checkpoints;

namespace Rocket.Models.Tests.Architectures;

public sealed class GoldenArchitectureTests
{
    public static TheoryData<string> Names() => GoldenModels.Names();

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_forms_of_a_configuration_mean_the_same_decoder(string name)
    {
        string folder = GoldenModels.Folder(name);
        var published = Architecture.Read(Path.Combine(folder, "config.json"));
        var newer = Architecture.Read(Path.Combine(folder, "config.v5.json"));
        Assert.Equal(published, newer);
        Assert.Equal(published.GetHashCode(), newer.GetHashCode());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_tensors_of_a_decoder_are_those_of_its_checkpoint(string name)
    {
        string folder = GoldenModels.Folder(name);
        var spec = Architecture.Read(Path.Combine(folder, "config.json"));
        using var checkpoint = Checkpoint.Open(folder);
        Architecture.Validate(spec, checkpoint);
        var named = Architecture.Tensors(spec).ToDictionary(tensor => tensor.Name, tensor => tensor.Shape);
        Assert.Equal(checkpoint.Tensors.Select(tensor => tensor.Name), named.Keys.Order(StringComparer.Ordinal));
        Assert.All(checkpoint.Tensors, tensor => Assert.Equal(tensor.Shape.AsEnumerable(), named[tensor.Name]));
        Assert.All(checkpoint.Tensors, tensor => Assert.True(FiniteScan.AllFinite(checkpoint.Get(tensor.Name))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_gram_matrix_belongs_to_a_linear_of_its_width(string name)
    {
        string folder = GoldenModels.Folder(name);
        var spec = Architecture.Read(Path.Combine(folder, "config.json"));
        using var golden = SafetensorsFile.Open(Path.Combine(folder, "golden.safetensors"));
        var routers = spec.Blocks.Select(block => block.FeedForward.Router?.Linear).OfType<LinearSpec>();
        var linears = spec.Blocks.SelectMany(block => block.CompressibleLinears).Concat(routers).DistinctBy(linear => linear.Name).ToArray();
        Assert.Equal(
            golden.Tensors.Select(tensor => tensor.Name).Where(tensor => tensor.StartsWith("gram.", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            linears.Select(linear => $"gram.{linear.Name}").Order(StringComparer.Ordinal));
        Assert.All(linears, linear => Assert.Equal([linear.DIn, linear.DIn], golden.Get($"gram.{linear.Name}").Info.Shape.AsEnumerable()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_decoder_run_by_its_formulas_gives_the_logits_of_transformers(string name)
    {
        string folder = GoldenModels.Folder(name);
        var spec = Architecture.Read(Path.Combine(folder, "config.json"));
        using var checkpoint = Checkpoint.Open(folder);
        using var golden = SafetensorsFile.Open(Path.Combine(folder, "golden.safetensors"));
        int[] tokens = TensorArrays.Tokens(golden.Get("input_ids"));
        double[] expected = TensorArrays.Doubles(golden.Get("logits_f64"));
        int length = (int)golden.Get("input_ids").Info.Shape[1];
        var decoder = new ReferenceDecoder(spec, checkpoint);
        double[] actual = [.. tokens.Chunk(length).SelectMany(decoder.Logits).SelectMany(row => row)];
        Assert.Equal(expected.Length, actual.Length);

        // Scale, multipliers and frequencies are single precision; the smallest mistake of a feature moves a logit by 0.6.
        Assert.InRange(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 0, 5e-6);
    }
}
