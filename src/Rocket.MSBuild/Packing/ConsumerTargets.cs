using System.Globalization;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using Rocket.MSBuild.Diagnostics;

namespace Rocket.MSBuild.Packing;

/// <summary>The targets of a package that carries artifacts: they lay them into the output and publish folder of whoever references it, without any package of Rocket's.</summary>
/// <param name="packageId">The package that a project references; its shards are named after it.</param>
/// <param name="targetFolder">The folder of the consumer's output, with a slash at its end.</param>
internal sealed class ConsumerTargets(string packageId, string targetFolder)
{
    private readonly string _folder = SecurityElement.Escape(targetFolder);
    private readonly string _name = string.Concat(packageId.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    /// <summary>Targets of a package that carries whole files.</summary>
    public string ForFiles() => Project(Files());

    /// <summary>Targets of a shard: its whole files, and the parts that it tells the joining targets of.</summary>
    public string ForShard(IReadOnlyList<PackedPiece> pieces, Func<PackedPiece, int> fileOf)
    {
        var text = new StringBuilder(pieces.Any(piece => piece.Part == 0) ? Files() : "");
        foreach (PackedPiece piece in pieces.Where(piece => piece.Part > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"""
                  <ItemGroup>
                    <{Part(fileOf(piece), piece.Part)} Include="$(MSBuildThisFileDirectory)../parts/{fileOf(piece)}.{piece.Part}" />
                  </ItemGroup>

                """);
        }

        return Project(text.ToString());
    }

    /// <summary>Targets of the package that joins what its shards carry parts of.</summary>
    /// <param name="files">Number, path below the models' folder, source and number of parts of every file that comes in parts.</param>
    public string ForParts(IEnumerable<(int Number, string RelativePath, string Source, int Parts)> files)
    {
        var text = new StringBuilder();
        foreach ((int number, string path, string source, int parts) in files)
        {
            text.Append(Join(number, SecurityElement.Escape(path), Digest(source), parts));
        }

        return Project(text.ToString());
    }

    private static string Project(string content) => $"<Project>\n{content}</Project>\n";

    private static string Digest(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(stream));
    }

    private string Part(int file, int part) => string.Create(CultureInfo.InvariantCulture, $"_RocketPart_{_name}_{file}_{part}");

    // Wildcards rather than names: a package is unpacked whole.
    private string Files() => $"""
          <ItemGroup>
            <_RocketPackedFile Remove="@(_RocketPackedFile)" />
            <_RocketPackedFile Include="$(MSBuildThisFileDirectory)../rocket/**/*" />
            <None Include="@(_RocketPackedFile)"
                  Link="{_folder}%(RecursiveDir)%(Filename)%(Extension)"
                  CopyToOutputDirectory="PreserveNewest"
                  CopyToPublishDirectory="PreserveNewest"
                  ExcludeFromSingleFile="true"
                  Pack="false"
                  Visible="false" />
          </ItemGroup>

        """;

    // The file is written once, checked, and only then gets its name; the output folder has a hard link to it where the file system has them.
    private string Join(int number, string path, string digest, int parts)
    {
        string suffix = string.Create(CultureInfo.InvariantCulture, $"{_name}_{number}");
        string file = $"$(_RocketJoined_{suffix})";
        string[] items = [.. Enumerable.Range(1, parts).Select(part => $"@({Part(number, part)})")];
        string missing = string.Join(" or ", items.Select(item => $"'{item}' == ''"));
        string[] paths = [.. Enumerable.Range(1, parts).Select(part => $"&quot;@({Part(number, part)}->'%(FullPath)')&quot;")];
        return $"""
              <PropertyGroup>
                <_RocketJoined_{suffix}>$([MSBuild]::NormalizePath('$(MSBuildProjectDirectory)', '$(IntermediateOutputPath)', 'rocket', '{SecurityElement.Escape(packageId)}', '{path}'))</_RocketJoined_{suffix}>
              </PropertyGroup>
              <Target Name="_RocketJoin_{suffix}" Inputs="{string.Join(';', items)}" Outputs="{file}" Condition="'$(DesignTimeBuild)' != 'true'">
                <Error Code="{BuildErrors.MissingPartCode}" Condition="{missing}" Text="A part of {path} is missing: a package that {SecurityElement.Escape(packageId)} depends on was not restored, or its build assets are excluded. Restore again, and exclude nothing of it." />
                <MakeDir Directories="$([System.IO.Path]::GetDirectoryName('{file}'))" />
                <Exec Command="cat {string.Join(' ', paths)} &gt; &quot;{file}.tmp&quot;" Condition="'$(OS)' != 'Windows_NT'" />
                <Exec Command="copy /b /y {string.Join('+', paths)} &quot;{file}.tmp&quot;" StandardOutputImportance="low" Condition="'$(OS)' == 'Windows_NT'" />
                <VerifyFileHash File="{file}.tmp" Algorithm="SHA256" HashEncoding="hex" Hash="{digest}" />
                <Move SourceFiles="{file}.tmp" DestinationFiles="{file}" />
              </Target>
              <Target Name="_RocketLay_{suffix}" DependsOnTargets="_RocketJoin_{suffix}" BeforeTargets="_GetCopyToOutputDirectoryItemsFromThisProject;GetCopyToPublishDirectoryItems" Condition="'$(DesignTimeBuild)' != 'true'">
                <ItemGroup>
                  <ContentWithTargetPath Include="{file}" TargetPath="{_folder}{path}" CopyToOutputDirectory="PreserveNewest" CopyToPublishDirectory="PreserveNewest" ExcludeFromSingleFile="true" Visible="false" />
                  <FileWrites Include="{file}" />
                </ItemGroup>
              </Target>
              <Target Name="_RocketLink_{suffix}" BeforeTargets="_CopyOutOfDateSourceItemsToOutputDirectory" Inputs="{file}" Outputs="$(OutDir){_folder}{path}" Condition="'$(DesignTimeBuild)' != 'true'">
                <Copy SourceFiles="{file}" DestinationFiles="$(OutDir){_folder}{path}" UseHardlinksIfPossible="true" />
              </Target>

            """;
    }
}
