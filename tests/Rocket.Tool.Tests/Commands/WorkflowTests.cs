using System.Text.RegularExpressions;
using Rocket.Tool.Commands;
using Rocket.Tool.Output;
using YamlDotNet.RepresentationModel;

namespace Rocket.Tool.Tests.Commands;

/// <summary>The sample workflows of build servers say what the tool understands.</summary>
public sealed partial class WorkflowTests
{
    private static readonly string Root = SharedData.Repository();

    public static TheoryData<string> Workflows => [.. Directory.GetFiles(Path.Combine(Root, "samples", "ci"), "*.yml").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_workflow_is_yaml_that_keeps_the_cache_between_its_runs(string name)
    {
        string text = File.ReadAllText(Path.Combine(Root, "samples", "ci", name));
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        Assert.Single(yaml.Documents);
        Assert.All((string[])["ROCKET_CACHE", "HF_HOME", "NUGET_PACKAGES"], variable => Assert.Contains(ScalarsUnder(yaml.Documents[0].RootNode, "path"), path => path.Contains(variable, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Its_commands_are_ones_of_the_tool(string name) => AssertCommands(Path.Combine(Root, "samples", "ci", name));

    [Fact]
    public void The_commands_of_the_page_about_build_servers_are_ones_of_the_tool() => AssertCommands(Path.Combine(Root, "docs", "ci.md"));

    private static void AssertCommands(string file)
    {
        string[] commands = [.. Command().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value.Trim())];
        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.Empty(RocketCommand.Create(new GlobalOptions(Terminal.OfProcess())).Parse(command.Split(' ')).Errors));
    }

    private static IEnumerable<string> ScalarsUnder(YamlNode node, string key) => node switch
    {
        YamlMappingNode mapping => mapping.Children.SelectMany(child => child.Key is YamlScalarNode { Value: var name } && name == key && child.Value is YamlScalarNode { Value: { } value } ? [value] : ScalarsUnder(child.Value, key)),
        YamlSequenceNode list => list.Children.SelectMany(item => ScalarsUnder(item, key)),
        _ => [],
    };

    [GeneratedRegex(@"dotnet rocket ([a-z][^`\n]*)")]
    private static partial Regex Command();
}
