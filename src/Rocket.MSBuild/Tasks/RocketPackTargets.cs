using System.Security;
using System.Text;
using Microsoft.Build.Framework;
using Rocket.MSBuild.Diagnostics;
using Rocket.MSBuild.State;

namespace Rocket.MSBuild.Tasks;

/// <summary>Writes the targets of a package that carries artifacts: they lay them into the output and publish folder of whoever references it.</summary>
public sealed class RocketPackTargets : Microsoft.Build.Utilities.Task
{
    /// <summary>Identity of the package: NuGet imports the targets that are named after it.</summary>
    [Required]
    public string PackageId { get; set; } = "";

    /// <summary>The files of artifacts.</summary>
    public ITaskItem[] Artifacts { get; set; } = [];

    /// <summary>The folder of the consumer's output that they go to, with a slash at its end.</summary>
    [Required]
    public string TargetFolder { get; set; } = "";

    /// <summary>Where the file is written.</summary>
    [Required]
    public string OutputPath { get; set; } = "";

    /// <summary>The file.</summary>
    [Output]
    public string TargetsFile { get; private set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        if (Artifacts.Length == 0)
        {
            BuildErrors.NothingToPack(Log);
            return false;
        }

        TargetsFile = Path.Combine(OutputPath, $".{PackageId}{ManifestState.PackTargetsExtension}");
        try
        {
            string text = Format();
            if (!File.Exists(TargetsFile) || File.ReadAllText(TargetsFile) != text)
            {
                File.WriteAllText(TargetsFile, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            BuildErrors.CannotKeepState(Log, OutputPath, exception);
        }

        return !Log.HasLoggedErrors;
    }

    // Wildcards rather than names: a package is unpacked whole.
    private string Format()
    {
        string folder = SecurityElement.Escape(TargetFolder);
        return $"""
            <Project>
              <ItemGroup>
                <_RocketPackedFile Remove="@(_RocketPackedFile)" />
                <_RocketPackedFile Include="$(MSBuildThisFileDirectory)../rocket/**/*" />
                <None Include="@(_RocketPackedFile)"
                      Link="{folder}%(RecursiveDir)%(Filename)%(Extension)"
                      CopyToOutputDirectory="PreserveNewest"
                      CopyToPublishDirectory="PreserveNewest"
                      ExcludeFromSingleFile="true"
                      Pack="false"
                      Visible="false" />
              </ItemGroup>
            </Project>

            """;
    }
}
