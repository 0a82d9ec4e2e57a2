using Rocket.Models.Diagnostics;
using Rocket.Pipeline.Corpora;
using Rocket.Pipeline.Manifest;

namespace Rocket.Pipeline.Tests.Corpora;

public sealed class CorpusFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CorpusFilesTests()
    {
        foreach (string name in (string[])["b.txt", "a.txt", "B.txt", "x/c.jsonl", "x/y/d.txt", "other/e.txt", "x-y.txt"])
        {
            _folder.Write(name, "text");
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_come_in_ordinal_order_of_their_relative_path() =>
        Assert.Equal(["B.txt", "a.txt", "b.txt", "other/e.txt", "x-y.txt", "x/y/d.txt"], Names("**/*.txt"));

    [Fact]
    public void A_file_that_several_patterns_find_comes_once() => Assert.Equal(["a.txt", "b.txt"], Names("b.txt", "*.txt", "a.txt", "!B.txt", "!x*"));

    [Fact]
    public void An_exclamation_mark_excludes_wherever_it_stands()
    {
        Assert.Equal(["B.txt", "a.txt"], Names("!b.txt", "*.txt", "!x*"));
        Assert.Equal(["x/c.jsonl"], Names("x/**/*", "!**/d.txt"));
    }

    [Fact]
    public void Absolute_patterns_and_parents_are_allowed()
    {
        Assert.Equal(["x/y/d.txt"], Names(_folder.At("x", "**", "*.txt")));
        Assert.Equal(["a.txt"], Names(_folder.At("a.txt")));
        Assert.Equal(["../a.txt", "../b.txt"], CorpusFiles.Expand([At("../*.txt"), At("!../x*"), At("!" + _folder.At("B.txt"))], _folder.At("x")).Select(file => file.Name));
    }

    [Fact]
    public void The_path_is_the_full_one() =>
        Assert.Equal(_folder.At("x", "c.jsonl"), Assert.Single(CorpusFiles.Expand([At("x/*.jsonl")], _folder.Path)).Path);

    [Theory]
    [InlineData("missing.txt")]
    [InlineData("nowhere/*.txt")]
    [InlineData("/nowhere/at/all/*.txt")]
    public void A_pattern_without_a_file_is_RKT3101_at_its_place(string pattern)
    {
        RocketException error = Assert.Throws<RocketException>(() => CorpusFiles.Expand([At("a.txt"), At(pattern)], _folder.Path));
        Assert.Equal("RKT3101", error.Code);
        Assert.Equal("rocket.yaml(3,7)", error.Location!.ToString());
        Assert.Contains($"\"{pattern}\"", error.Message);
    }

    [Fact]
    public void A_folder_instead_of_a_pattern_is_told() =>
        Assert.Contains("\"x/**/*.txt\"", Assert.Throws<RocketException>(() => Names("x")).Message);

    [Fact]
    public void Patterns_that_exclude_everything_are_RKT3101()
    {
        Assert.Equal("RKT3101", Assert.Throws<RocketException>(() => Names("a.txt", "!*.txt")).Code);
        Assert.Equal("RKT3101", Assert.Throws<RocketException>(() => Names("!*.txt")).Code);
    }

    private static Located<string> At(string pattern) => new(pattern, new SourceLocation("rocket.yaml", 3, 7));

    private IEnumerable<string> Names(params string[] patterns) => CorpusFiles.Expand(patterns.Select(At), _folder.Path).Select(file => file.Name);
}
