using Rocket.Tool.Tests.Builds;
using Rocket.Tool.Tests.Execution;

namespace Rocket.Tool.Tests.Reporting;

public sealed class ReportCommandTests(BuiltStories built)
{
    [Fact]
    public void A_build_writes_the_page_and_report_writes_it_anew()
    {
        using var folder = new TemporaryFolder();
        string output = folder.At("out");
        BuildTests.CopyFolder(Path.Combine(built.Folder, "out"), output);
        string page = Path.Combine(output, Stories.Name, "report.html");
        byte[] made = File.ReadAllBytes(page);
        File.Delete(page);
        Assert.Equal(0, RocketTool.Run(folder.Path, built.Cache, "report", "out").ExitCode);
        Assert.Equal(made, File.ReadAllBytes(page));
        File.Delete(page);
        Assert.Equal("out/stories/report.html", (string)RocketTool.RunJson(folder.Path, built.Cache, "report", "out/stories")["pages"]![0]!);
        Assert.Equal(made, File.ReadAllBytes(page));
    }

    [Fact]
    public void The_page_opens_in_the_browser_that_the_user_chose()
    {
        using var folder = new TemporaryFolder();
        SampleRecords.Write(folder.At("out", "m"));
        folder.Write("browser", "#!/bin/sh\nprintf '%s' \"$1\" > opened.tmp && mv opened.tmp opened\n");
        ToolResult result = RocketTool.Finish(RocketTool.StartShell("chmod +x browser && BROWSER=./browser \"$ROCKET\" report out --open", folder.Path, built.Cache));
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(folder.At("opened")), TimeSpan.FromSeconds(30)));
        Assert.Equal(folder.At("out", "m", "report.html"), File.ReadAllText(folder.At("opened")));

        ToolResult none = RocketTool.Finish(RocketTool.StartShell("BROWSER=/no/such/browser \"$ROCKET\" report out --open", folder.Path, built.Cache));
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("error RKT1110: ", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_records_and_a_damaged_record_are_told()
    {
        using var folder = new TemporaryFolder();
        ToolResult none = RocketTool.Run(folder.Path, built.Cache, "report", "out");
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("out: error RKT6202: ", none.Error, StringComparison.Ordinal);

        SampleRecords.Write(folder.At("out", "m"));
        folder.Write("out/m/r10.run.json", "{ \"schemaVersion\": 1 }");
        ToolResult damaged = RocketTool.Run(folder.Path, built.Cache, "report", "out");
        Assert.Equal(1, damaged.ExitCode);
        Assert.Contains("r10.run.json: error RKT6201: ", damaged.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.At("out", "m", "report.html")));
    }
}
