using CsCheck;
using Rocket.Pipeline.Dependencies;

namespace Rocket.Pipeline.Tests.Dependencies;

public sealed class DependencyFileTests
{
    private static readonly Gen<string> Path = Gen.String[Gen.Char["ab/\\ \t\n\r*!é"], 1, 12];
    private static readonly Gen<StampedFile> Present = Gen.Select(Path, Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue], (path, size, ticks) => new StampedFile(path, new FileStamp(size, ticks)));
    private static readonly Gen<StampedFile> Input = Gen.OneOf(Present, Path.Select(path => new StampedFile(path, null)));
    private static readonly Gen<MatchedPatterns> Patterns = Gen.Select(Path, Path.Array[0, 3], Present.Array[0, 3], (folder, patterns, matches) => new MatchedPatterns(new PatternSet(folder, patterns), matches));

    [Fact]
    public void What_was_written_is_read_again()
    {
        Gen.Select(Input.Array[0, 3], Patterns.Array[0, 3], Path, Present.Array[0, 3], Present.Array[0, 3])
            .Sample((inputs, patterns, folder, outputs, records) =>
            {
                DependencyFile read = DependencyFile.TryParse(new DependencyFile(inputs, patterns, folder, outputs, records).Format())!;
                Assert.Equal(inputs, read.Inputs);
                Assert.Equal(patterns.Select(set => set.Set.Folder), read.Patterns.Select(set => set.Set.Folder));
                Assert.Equal(patterns.SelectMany(set => set.Set.Patterns), read.Patterns.SelectMany(set => set.Set.Patterns));
                Assert.Equal(patterns.SelectMany(set => set.Matches), read.Patterns.SelectMany(set => set.Matches));
                Assert.Equal((folder, outputs.Length, records.Length), (read.OutputFolder, read.Outputs.Count, read.Records.Count));
                Assert.Equal(outputs.Concat(records), read.Outputs.Concat(read.Records));
            });
    }

    [Fact]
    public void A_file_that_is_cut_off_is_none()
    {
        string text = new DependencyFile([new StampedFile("/a/rocket.yaml", new FileStamp(1, 2))], [], "/a/out", [], []).Format();
        for (int length = 0; length < text.Length; length++)
        {
            Assert.Null(DependencyFile.TryParse(text[..length]));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("rocket-dependencies 2\nend\n")]
    [InlineData("rocket-dependencies 1\nsomething\telse\nend\n")]
    [InlineData("rocket-dependencies 1\ninput\tmany\t2\t/a\nend\n")]
    public void A_file_of_another_kind_is_none(string text) => Assert.Null(DependencyFile.TryParse(text));
}
