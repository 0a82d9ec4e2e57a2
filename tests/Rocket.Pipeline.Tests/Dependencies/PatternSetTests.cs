using Rocket.Pipeline.Dependencies;

namespace Rocket.Pipeline.Tests.Dependencies;

public sealed class PatternSetTests
{
    [Fact]
    public void Patterns_are_expanded_anew_each_time_exclusions_last()
    {
        using var folder = new TemporaryFolder();
        folder.Write("text/a.txt", "a");
        folder.Write("text/deep/b.txt", "b");
        var set = new PatternSet(folder.Path, ["!text/draft*.txt", "text/**/*.txt", folder.At("text", "a.txt")]);
        Assert.Equal([folder.At("text", "a.txt"), folder.At("text", "deep", "b.txt")], set.Expand());

        folder.Write("text/c.txt", "c");
        folder.Write("text/draft1.txt", "d");
        Assert.Equal([folder.At("text", "a.txt"), folder.At("text", "c.txt"), folder.At("text", "deep", "b.txt")], set.Expand());
    }

    [Fact]
    public void A_name_without_a_wildcard_is_a_file_and_never_a_folder()
    {
        using var folder = new TemporaryFolder();
        folder.Write("text/a.txt", "a");
        Assert.Equal([folder.At("text", "a.txt")], PatternSet.Match("text/a.txt", folder.Path));
        Assert.Empty(PatternSet.Match("text", folder.Path));
        Assert.Empty(PatternSet.Match("text/b.txt", folder.Path));
    }
}
