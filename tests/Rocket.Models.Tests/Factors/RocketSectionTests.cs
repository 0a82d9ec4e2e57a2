using System.Text.Json.Nodes;
using CsCheck;
using Rocket.Models.Checkpoints;
using Rocket.Models.Diagnostics;
using Rocket.Models.Factors;

namespace Rocket.Models.Tests.Factors;

public sealed class RocketSectionTests : IDisposable
{
    private const string Linear = """{"form":"dictionary","d_in":8,"d_out":6,"k":4,"nnz":12,"dtype":"BF16"}""";

    private static readonly TensorType[] Types = [TensorType.F32, TensorType.F16, TensorType.BF16];

    private static readonly Gen<FactoredLinear> Linears =
        from dIn in Gen.Int[1, 5000]
        from dOut in Gen.Int[1, 5000]
        from form in Gen.Enum<LinearForm>()
        from k in Gen.Int[1, 5000]
        from share in Gen.Double[0, 1]
        from type in Gen.Int[0, 2].Select(i => Types[i])
        from isQuantized in Gen.Bool
        from bits in Gen.Int[2, 8]
        from groups in Gen.Int[1, 16]
        let atoms = form == LinearForm.Dictionary ? k : dIn
        select new FactoredLinear(form, dIn, dOut, atoms, form == LinearForm.Dense ? (long)dIn * dOut : (long)(share * atoms * dOut), type)
        {
            Quantization = isQuantized || form == LinearForm.Dense ? new Quantization(bits, 8 * groups) : null,
        };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void What_is_written_is_read_back() => Gen.Select(Gen.String[Gen.Char['.', 'z'], 1, 20], Linears).Array[0, 8].Sample(
        linears =>
        {
            var section = new RocketSection(linears.DistinctBy(linear => linear.Item1).Select(linear => KeyValuePair.Create(linear.Item1, linear.Item2)));
            RocketSection? read = RocketSection.TryRead(WriteConfig(section.ToJson().ToJsonString()));
            Assert.NotNull(read);
            Assert.Equal(section.Linears, read.Linears);
            Assert.Equal(section.ToJson().ToJsonString(), read.ToJson().ToJsonString());
        },
        iter: 100,
        threads: 1);

    [Fact]
    public void A_dense_model_has_none()
    {
        Assert.Null(RocketSection.TryRead(_folder.At("config.json")));
        Assert.Null(RocketSection.TryRead(_folder.Write("config.json", """{"model_type":"llama"}""")));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"1\"")]
    [InlineData("{}")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":"1","linears":{}}""")]
    [InlineData("""{"version":1.5,"linears":{}}""")]
    [InlineData("""{"version":1e99,"linears":{}}""")]
    [InlineData("""{"version":1,"linears":[]}""")]
    [InlineData("""{"version":1,"linears":null}""")]
    [InlineData("""{"version":1,"linears":{"a":null}}""")]
    [InlineData("""{"version":1,"linears":{"a":{}}}""")]
    [InlineData("""{"version":1,"linears":""")]
    public void A_section_of_another_shape_is_damaged(string section) => AssertDamaged(section);

    [Theory]
    [InlineData("form", "\"dense\"")]
    [InlineData("form", "null")]
    [InlineData("bits", "4")]
    [InlineData("bits", "\"4\"")]
    [InlineData("form", "1")]
    [InlineData("form", "\"sparse\"")]
    [InlineData("d_in", "0")]
    [InlineData("d_in", "-8")]
    [InlineData("d_in", "8.5")]
    [InlineData("d_in", "2147483647")]
    [InlineData("d_in", "99999999999")]
    [InlineData("d_out", "0")]
    [InlineData("d_out", "2147483647")]
    [InlineData("k", "0")]
    [InlineData("k", "2147483647")]
    [InlineData("nnz", "-1")]
    [InlineData("nnz", "25")]
    [InlineData("nnz", "9223372036854775807")]
    [InlineData("nnz", "1e400")]
    [InlineData("dtype", "\"F64\"")]
    [InlineData("dtype", "\"1\"")]
    [InlineData("dtype", "\"F32, F16\"")]
    [InlineData("dtype", "\"bf16\"")]
    [InlineData("dtype", "null")]
    public void A_linear_with_an_impossible_value_is_damaged(string property, string value)
    {
        JsonObject linear = JsonNode.Parse(Linear)!.AsObject();
        linear[property] = "@";
        AssertDamaged(SectionOf(linear.ToJsonString().Replace("\"@\"", value, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_linear_without_a_property_is_damaged()
    {
        foreach (string property in JsonNode.Parse(Linear)!.AsObject().Select(entry => entry.Key))
        {
            JsonObject linear = JsonNode.Parse(Linear)!.AsObject();
            linear.Remove(property);
            AssertDamaged(SectionOf(linear.ToJsonString()));
        }
    }

    [Fact]
    public void A_linear_that_is_told_twice_is_damaged()
        => AssertDamaged(SectionOf(Linear + ",\"a\":" + Linear.Replace("12", "13", StringComparison.Ordinal)));

    [Fact]
    public void Another_version_is_told_apart()
    {
        RocketException error = Assert.Throws<RocketException>(() => RocketSection.TryRead(WriteConfig("""{"version":3,"linears":7}""")));
        Assert.Equal("RKT6102", error.Code);
    }

    public void Dispose() => _folder.Dispose();

    private void AssertDamaged(string section)
    {
        RocketException error = Assert.Throws<RocketException>(() => RocketSection.TryRead(WriteConfig(section)));
        Assert.Equal("RKT6101", error.Code);
    }

    private static string SectionOf(string linear) => "{\"version\":1,\"linears\":{\"a\":" + linear + "}}";

    private string WriteConfig(string section) => _folder.Write("config.json", "{\"model_type\":\"llama\",\"rocket\":" + section + "}");
}
