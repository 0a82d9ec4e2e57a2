using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Rocket.Pipeline.Manifest;
using Rocket.Tool.Diagnostics;

namespace Rocket.Tool.Commands;

/// <summary><c>rocket init</c>: writes a commented manifest.</summary>
internal static class InitCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var manifest = new Argument<string>("manifest") { Description = "The file to write; never one that is there.", DefaultValueFactory = _ => ManifestOptions.DefaultManifest };
        var name = new Option<string>("--name") { Description = "Name of the model.", DefaultValueFactory = _ => "my-model", HelpName = "NAME" };
        var source = new Option<string>("--source") { Description = "Where the model comes from: a folder, relative to the manifest, hf:org/name@revision or nuget:Id@version.", DefaultValueFactory = _ => "models/my-model", HelpName = "SOURCE" };
        var corpus = new Option<string>("--corpus") { Description = "Pattern of the calibration text.", DefaultValueFactory = _ => "corpus/*.txt", HelpName = "GLOB" };
        var evaluation = new Option<string?>("--evaluation") { Description = "Pattern of the evaluation text.", HelpName = "GLOB" };
        var command = new Command("init", "Write a commented rocket.yaml.") { manifest, name, source, corpus, evaluation };
        ExampleHelp.WithExample(command, "dotnet rocket init --name smollm2 --source models/smollm2-135m --corpus \"corpora/*.jsonl\"");
        return globals.SetAction(command, (parsed, session) =>
        {
            string path = parsed.GetValue(manifest)!;
            string text = ManifestTemplate.Create(parsed.GetValue(name)!, parsed.GetValue(source)!, parsed.GetValue(corpus)!, parsed.GetValue(evaluation));
            ManifestReader.Parse(text, path);
            Write(path, text);
            session.Write(
                () => new JsonObject { ["manifest"] = path },
                terminal => terminal.WriteLine($"Wrote {path}. Look through it, then run `dotnet rocket plan {path}`."));
            return 0;
        });
    }

    private static void Write(string path, string text)
    {
        try
        {
            if (Path.Exists(path))
            {
                throw CommandLineErrors.WouldOverwrite(path);
            }

            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            file.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CommandLineErrors.CannotWrite(path, exception);
        }
    }
}
